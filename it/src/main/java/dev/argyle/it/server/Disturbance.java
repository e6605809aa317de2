// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.util.List;

/**
 * One way in which the relay of an association departs from an honest one.
 *
 * <p>An association plays a list of them, each on what the one before it lets through. Datagrams are counted from 1, by each
 * disturbance for itself, from when it was set.
 */
public sealed interface Disturbance {
    /** Loses each n-th datagram; with 1 all of them. */
    record Lose(Direction direction, int nth) implements Disturbance {}

    /** Passes each n-th datagram twice. */
    record Duplicate(Direction direction, int nth) implements Disturbance {}

    /** Keeps datagrams back until there are so many, then passes them, the last one first. */
    record Reorder(Direction direction, int count) implements Disturbance {}

    /** Ends the control connection after so many datagrams, the last of which is still passed. */
    record EndAfter(Direction direction, int count, Ending ending) implements Disturbance {}

    /** Tells the client this name as the sender, in place of the address. */
    record SenderName(String name) implements Disturbance {}

    /**
     * Sends the client any header: RSV, FRAG, ATYP, the host as it is on the wire (a name's length included) and the port.
     */
    record Header(int reserved, int fragment, int addressType, String host, int port) implements Disturbance {}

    /** Sends the client only so many octets of each datagram, header included. */
    record Cut(int octets) implements Disturbance {}

    /**
     * Sends the client each payload in fragments.
     *
     * @param begins the offsets in the payload at which fragments begin; 0 is the first
     * @param order the FRAG of each fragment that is sent, without the mark of the last; none: all, as they should be
     */
    record Fragments(List<Integer> begins, List<Integer> order) implements Disturbance {}

    /** Sends the client these octets before each datagram. */
    record Forge(Origin origin, String octets) implements Disturbance {}

    /** Sends the client what it gets from another socket than the relay's. */
    record FromStranger() implements Disturbance {}

    /** Where a datagram to the client comes from. */
    enum Origin {
        /** The relay's socket. */
        RELAY,
        /** A socket at the same address, with another port. */
        STRANGER
    }

    /** Nothing comes back. */
    static Disturbance silence() {
        return new Lose(Direction.DOWN, 1);
    }

    /** Each payload in fragments that begin at these offsets, in good order. */
    static Disturbance fragments(Integer... begins) {
        return new Fragments(List.of(begins), List.of());
    }
}
