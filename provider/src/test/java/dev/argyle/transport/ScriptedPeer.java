// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link ScriptedCarrier} finds at an address. */
final class ScriptedPeer {
    static final String NO_AUTHENTICATION = "0500";
    static final String SUCCESS = "05000001 7F000001 0050";

    /** Something that a read meets: octets, the end of the stream, a failure, or nothing yet. */
    sealed interface Event {
        record Octets(byte[] octets) implements Event {}

        record End() implements Event {}

        record Failure(IOException reason) implements Event {}

        record Nothing() implements Event {}
    }

    final Deque<Event> events = new ArrayDeque<>();

    @Nullable
    IOException refusalAtOnce;

    @Nullable
    IOException refusal;

    boolean connectsAtOnce;
    boolean unreachable;
    int pendingPolls = 1;
    int writesAtMost = Integer.MAX_VALUE;

    private ScriptedPeer() {}

    /** A server that sends these messages, in hexadecimal. */
    static ScriptedPeer answering(String... messages) {
        ScriptedPeer peer = new ScriptedPeer();
        for (String message : messages) {
            peer.thenOctets(message);
        }
        return peer;
    }

    /** An honest server without authentication. */
    static ScriptedPeer honest() {
        return answering(NO_AUTHENTICATION, SUCCESS);
    }

    /** A server that chooses method 0 and replies with this code, as short as some do. */
    static ScriptedPeer replying(int rep) {
        return answering(NO_AUTHENTICATION, "05" + HexFormat.of().toHexDigits((byte) rep));
    }

    static ScriptedPeer refusing() {
        ScriptedPeer peer = new ScriptedPeer();
        peer.refusal = new ConnectException("Connection refused");
        return peer;
    }

    static ScriptedPeer refusingAtOnce() {
        ScriptedPeer peer = new ScriptedPeer();
        peer.refusalAtOnce = new ConnectException("Connection refused");
        return peer;
    }

    /** Nothing answers a SYN here. */
    static ScriptedPeer unreachable() {
        ScriptedPeer peer = new ScriptedPeer();
        peer.unreachable = true;
        return peer;
    }

    /** Accepts, and is silent from then on. */
    static ScriptedPeer silent() {
        return new ScriptedPeer();
    }

    ScriptedPeer thenOctets(String hex) {
        events.add(new Event.Octets(HexFormat.of().parseHex(hex.replace(" ", ""))));
        return this;
    }

    ScriptedPeer thenEnd() {
        events.add(new Event.End());
        return this;
    }

    ScriptedPeer thenReset() {
        events.add(new Event.Failure(new SocketException("Connection reset")));
        return this;
    }

    /** Each octet comes alone, after a read that finds none. */
    ScriptedPeer drip() {
        List<Event> before = new ArrayList<>(events);
        events.clear();
        for (Event event : before) {
            if (event instanceof Event.Octets some) {
                for (byte octet : some.octets()) {
                    events.add(new Event.Nothing());
                    events.add(new Event.Octets(new byte[] {octet}));
                }
            } else {
                events.add(event);
            }
        }
        return this;
    }

    ScriptedPeer atOnce() {
        connectsAtOnce = true;
        return this;
    }

    ScriptedPeer writesAtMost(int octets) {
        writesAtMost = octets;
        return this;
    }

    boolean isServed() {
        return refusalAtOnce == null && refusal == null && !unreachable;
    }
}
