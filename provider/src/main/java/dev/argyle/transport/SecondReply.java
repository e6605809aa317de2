// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.protocol.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The second reply to a BIND, on the connection that has brought the first: who has connected, after which the connection is
 * his (RFC 1928 section 6). The carrier is read after it was released, and by nobody else meanwhile. Used by one thread at a
 * time.
 */
public final class SecondReply {
    private final Carrier carrier;
    private final Handshake handshake;
    private final Hop hop;
    private final Address expected;

    SecondReply(Carrier carrier, Handshake handshake, Hop hop, Address expected) {
        this.carrier = carrier;
        this.handshake = handshake;
        this.hop = hop;
        this.expected = expected;
    }

    /**
     * Reads what has come, and nothing behind the reply.
     *
     * @return the peer that has connected; null if the reply is not complete
     * @throws IOException if it tells of a failure or makes no sense, or if the connection has ended: of a type that
     *     applications catch, with the reason as its cause. The carrier is of no further use
     */
    public @Nullable Address advance() throws IOException {
        try {
            while (true) {
                if (handshake.state() instanceof State.Established accepted) {
                    return accepted.reply().bound();
                }
                ByteBuffer in = ByteBuffer.allocate(handshake.needed());
                int n = carrier.read(in);
                if (n == 0) {
                    return null;
                }
                if (n < 0) {
                    handshake.end();
                }
                handshake.input(in.flip());
            }
        } catch (IOException e) {
            if (carrier.isClosing()) {
                throw Connect.closed();
            }
            ConnectFailures failures = new ConnectFailures(Command.BIND, expected);
            failures.addSecond(hop, e);
            throw failures.exception();
        }
    }

    /**
     * Returns what to throw for a reply that the caller cannot use: as for one that makes no sense.
     *
     * @param itself whether that was the second reply, and not the first
     */
    IOException unusable(boolean itself, String why) {
        SocksException reason = new SocksException(SocksException.Kind.MALFORMED, Stage.REQUEST, -1, why);
        ConnectFailures failures = new ConnectFailures(Command.BIND, expected);
        if (itself) {
            failures.addSecond(hop, reason);
        } else {
            failures.add(hop, Stage.REQUEST, reason);
        }
        return failures.exception();
    }
}
