// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.List;

/**
 * One way in which a {@link ScriptedServer} departs from an honest SOCKSv5 server.
 *
 * <p>A server plays a list of them: faults of different kinds combine (a slow drip of a reply with a bound name). Where
 * two of one kind are given, the first counts. Octets are written as strings of ISO-8859-1 characters.
 */
public sealed interface Fault {
    /** Ends the connection at a step. */
    record End(Step at, Ending ending) implements Fault {}

    /** Says something at a step, then ends the connection: another protocol's answer, or garbage. */
    record Say(Step at, String octets, Ending ending) implements Fault {}

    /** Holds the connection at a step until the gate is opened. */
    record Hold(Step at, Gate gate) implements Fault {}

    /** Answers the greeting with this VER octet (5 is right). */
    record MethodVersion(int octet) implements Fault {}

    /** Answers the greeting with this METHOD octet, offered or not, and goes on as if it had been method 0. */
    record Method(int octet) implements Fault {}

    /** Answers user name and password with this VER octet (1 is right). */
    record AuthVersion(int octet) implements Fault {}

    /** Answers user name and password with this STATUS octet, right or wrong; any but 0 closes afterwards. */
    record AuthStatus(int octet) implements Fault {}

    /** Replies with this REP octet without trying the target, then closes; with 0 as v2ray does for a dead target. */
    record Reply(int rep) implements Fault {}

    /** Replies with this VER octet (5 is right). */
    record ReplyVersion(int octet) implements Fault {}

    /** Replies with this RSV octet (0 is right). */
    record ReplyReserved(int octet) implements Fault {}

    /** Reports this ATYP and BND.ADDR, as they are on the wire (a name's length octet included), and this BND.PORT. */
    record Bound(int atyp, String octets, int port) implements Fault {}

    /**
     * Reports the relay of an association at this BND.ADDR, as it is on the wire, with the BND.PORT that is right.
     */
    record BoundElsewhere(int atyp, String octets) implements Fault {}

    /** Disturbs the datagrams of an association, from its beginning. */
    record Disturb(List<Disturbance> disturbances) implements Fault {}

    /** A fault that associations meet alone, from when their request was read; other requests do not. */
    record OfAssociations(Fault fault) implements Fault {}

    /** A fault that requests to listen, BIND, meet alone, from when their request was read; other requests do not. */
    record OfBinds(Fault fault) implements Fault {}

    /**
     * A fault of the second reply to BIND; none of the others is played once the first reply was sent.
     *
     * <p>Of the steps {@link Step#TARGET_TRIED} is then that a peer has come, and {@link Step#REPLY_SENT} that the second
     * reply was sent. A {@link Reply} is sent without waiting for a peer, a {@link Bound} is where the peer is said to be.
     */
    record OfSecondReply(Fault fault) implements Fault {}

    /**
     * Listens for the peer of the request alone, as Dante does: one from another address is closed, and REP 2 with its
     * address is the second reply. The port of the request does not matter, and 0.0.0.0 is anybody.
     */
    record OnlyThePeer() implements Fault {}

    /** Sends the first octets of the reply, then ends the connection. */
    record CutReply(int octets, Ending ending) implements Fault {}

    /** Sends every message of the handshake octet by octet, each its own segment, with a pause between them. */
    record Drip(Duration pause) implements Fault {}

    /**
     * Waits for the first octets of the target (which has to speak first), and sends them with the reply in one segment.
     */
    record ReplyWithData() implements Fault {}

    static Fault close(Step at) {
        return new End(at, Ending.CLOSE);
    }

    static Fault reset(Step at) {
        return new End(at, Ending.RESET);
    }

    static Fault silence(Step at) {
        return new End(at, Ending.SILENCE);
    }

    static Fault reply(int rep) {
        return new Reply(rep);
    }

    static Fault method(int octet) {
        return new Method(octet);
    }

    /** A server that has CONNECT and no UDP: REP 7 to a request for an association. */
    static Fault withoutUdp() {
        return new OfAssociations(new Reply(Socks.COMMAND_NOT_SUPPORTED));
    }

    /** The same for a server that closes the connection, as OpenSSH does. */
    static Fault closesForUdp() {
        return new OfAssociations(close(Step.REQUEST_READ));
    }

    /** A server that does not listen: REP 7 to BIND. */
    static Fault withoutBind() {
        return new OfBinds(new Reply(Socks.COMMAND_NOT_SUPPORTED));
    }

    /** A server whose address to listen at is in use: REP 5 to BIND. */
    static Fault addressInUse() {
        return new OfBinds(new Reply(Socks.CONNECTION_REFUSED));
    }

    /** A fault of the second reply to BIND. */
    static Fault second(Fault fault) {
        return new OfSecondReply(fault);
    }

    /** Reports the relay of an association at this address, 4 or 16 octets, with the port that is right. */
    static Fault relayAt(byte[] address) {
        return new BoundElsewhere(
                address.length == Socks.IPV4_OCTETS ? Socks.IPV4 : Socks.IPV6, new String(address, ISO_8859_1));
    }

    static Fault disturb(Disturbance... disturbances) {
        return new Disturb(List.of(disturbances));
    }

    /** One octet at a time, a millisecond apart. */
    static Fault drip() {
        return new Drip(Duration.ofMillis(1));
    }

    /** What a web server says to a greeting. */
    static Fault http() {
        String answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return new Say(Step.GREETING_READ, answer, Ending.CLOSE);
    }

    /** What a TLS server says to a greeting: the fatal alert protocol_version (RFC 8446 §6). */
    static Fault tlsAlert() {
        return new Say(Step.GREETING_READ, "\u0015\u0003\u0003\0\2\2F", Ending.CLOSE);
    }

    /** What an SSH server says before it is spoken to (RFC 4253 §4.2). */
    static Fault sshBanner() {
        return new Say(Step.ACCEPTED, "SSH-2.0-OpenSSH_9.2p1\r\n", Ending.CLOSE);
    }

    /** Octets of no protocol, in place of the method reply. */
    static Fault garbage() {
        return new Say(Step.GREETING_READ, "\u00de\u00ad\u00be\u00ef\0\u00ff\u0005\u007f", Ending.CLOSE);
    }

    /** Reports a domain name as BND.ADDR: 1 to 255 ISO-8859-1 characters. */
    static Fault boundName(String name, int port) {
        return new Bound(Socks.NAME, (char) name.length() + name, port);
    }

    /** Reports an address as BND.ADDR: 4 or 16 octets. */
    static Fault boundAddress(byte[] address, int port) {
        return new Bound(
                address.length == Socks.IPV4_OCTETS ? Socks.IPV4 : Socks.IPV6, new String(address, ISO_8859_1), port);
    }
}
