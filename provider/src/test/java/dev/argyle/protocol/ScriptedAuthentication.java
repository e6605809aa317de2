// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A method whose exchange is: a task, then "01 AA" out, 3 octets in, a task, "01 BB" out, a header octet in that tells the
 * length of what follows, then success. The tasks' work is given.
 */
record ScriptedAuthentication(int method, Task work) implements Authentication {
    ScriptedAuthentication(int method) {
        this(method, () -> {});
    }

    static ScriptedAuthentication failing(IOException failure) {
        return new ScriptedAuthentication(0x80, () -> {
            throw failure;
        });
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean knownInAdvance() {
        return false;
    }

    @Override
    public Exchange begin() {
        return new ScriptedExchange();
    }

    private final class ScriptedExchange implements Exchange {
        private ByteBuffer output = ByteBuffer.allocate(0);
        private int tasksRun;
        private int got;
        private int length = -1;

        @Override
        public ByteBuffer output() {
            return output;
        }

        @Override
        public Task task() {
            boolean first = tasksRun == 0;
            boolean second = tasksRun == 1 && got == 3;
            if (!first && !second) {
                return null;
            }
            return () -> {
                work.run();
                tasksRun++;
                output = ByteBuffer.wrap(Wire.octets(first ? "01 AA" : "01 BB"));
            };
        }

        @Override
        public boolean done() {
            return length >= 0 && got == 4 + length;
        }

        @Override
        public int needed() {
            if (tasksRun == 1) {
                return 3 - got;
            }
            return length < 0 ? 1 : 4 + length - got;
        }

        @Override
        public void input(ByteBuffer source) throws SocksException {
            while (source.hasRemaining()) {
                int octet = source.get() & 0xFF;
                if (got == 3) {
                    length = octet;
                }
                if (octet == 0xFF) {
                    throw new SocksException(
                            SocksException.Kind.AUTHENTICATION_FAILED, Stage.AUTHENTICATION, octet, "aborted");
                }
                got++;
            }
        }
    }
}
