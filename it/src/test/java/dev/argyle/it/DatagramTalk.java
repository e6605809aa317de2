// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.DatagramCommands;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A child JVM with the agent, which does with its datagram sockets what a test says. Confined to one thread. */
final class DatagramTalk extends ProgramTalk {
    private DatagramTalk(String agent) throws IOException, InterruptedException {
        super(DatagramCommands.class, agent);
    }

    static DatagramTalk start(String agent) throws IOException, InterruptedException {
        return new DatagramTalk(agent);
    }

    /** Opens a socket of a kind. */
    Talker open(String kind) throws IOException, InterruptedException {
        return new Talker(kind);
    }

    /** One socket of it. */
    final class Talker extends ProgramSocket {
        private Talker(String kind) throws IOException, InterruptedException {
            super(kind);
        }

        String connect(InetSocketAddress target) throws IOException, InterruptedException {
            return ask("connect " + host(target));
        }

        String send(String text, InetSocketAddress target) throws IOException, InterruptedException {
            return ask("send " + text + " " + host(target));
        }

        String write(String text) throws IOException, InterruptedException {
            return ask("write " + text);
        }

        /** Receives what will come. */
        String receive() throws IOException, InterruptedException {
            return ask("receive " + LONG_MILLIS);
        }
    }

    static String host(InetSocketAddress target) {
        return target.getHostString() + " " + target.getPort();
    }
}
