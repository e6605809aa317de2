// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

/**
 * What a DNS server says that knows the addresses of some names and nothing else (RFC 1035 §4).
 *
 * <p>Of a message it answers the first question. Safe for use by several threads.
 */
public final class DnsAnswers {
    private static final int FLAGS_AT = 2;
    private static final int ANSWERS_AT = 6;
    private static final int HEADER_OCTETS = 12;
    private static final int TYPE_ADDRESS = 1;
    private static final int CLASS_INTERNET = 1;

    /** A response to a query that asked for recursion, which is available, with the codes for no error and for no such name. */
    private static final int FOUND = 0x8180;

    private static final int NO_SUCH_NAME = 0x8183;

    /** Points to the name of the question. */
    private static final int SAME_NAME = 0xC000 + HEADER_OCTETS;

    private static final int SECONDS_TO_LIVE = 60;

    private final Map<String, InetAddress> addresses;

    /** Knows these addresses by names in lower case. */
    public DnsAnswers(Map<String, InetAddress> addresses) {
        this.addresses = Map.copyOf(addresses);
    }

    /**
     * Makes an answer of a query, in its place: the buffer must have room behind the query.
     *
     * @param message the query from position 0 to the limit; then the answer
     * @return whether there is one: not to what is no query
     */
    public boolean answer(ByteBuffer message) {
        try {
            message.position(HEADER_OCTETS);
            InetAddress known = addresses.get(name(message));
            InetAddress address = message.getShort() == TYPE_ADDRESS ? known : null;
            message.getShort();
            message.limit(message.capacity());
            message.putShort(FLAGS_AT, (short) (known == null ? NO_SUCH_NAME : FOUND))
                    .putShort(ANSWERS_AT, (short) (address == null ? 0 : 1))
                    // neither authorities nor what else the query has at its end
                    .putInt(ANSWERS_AT + 2, 0);
            if (address != null) {
                byte[] octets = address.getAddress();
                message.putShort((short) SAME_NAME)
                        .putShort((short) TYPE_ADDRESS)
                        .putShort((short) CLASS_INTERNET)
                        .putInt(SECONDS_TO_LIVE)
                        .putShort((short) octets.length)
                        .put(octets);
            }
            message.flip();
            return true;
        } catch (BufferUnderflowException | IllegalArgumentException tooShort) {
            return false;
        }
    }

    private static String name(ByteBuffer message) {
        StringBuilder name = new StringBuilder();
        for (int left = message.get(); left > 0; left = message.get()) {
            name.append(name.length() == 0 ? "" : ".");
            for (; left > 0; left--) {
                name.append((char) message.get());
            }
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
