// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;

/**
 * The places of {@link Hooks} where something leaves that is not carried: SCTP, channels that are not the JDK's,
 * and the sockets of before.
 */
final class GuardHooks {
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String INTERNET_HOST = "Ljava/net/InetAddress;";
    private static final String BUFFER = "Ljava/nio/ByteBuffer;";

    private GuardHooks() {}

    /** Where the property is on the command line the JVM does not start, but a program can set it itself. */
    static List<Site> plainSocketImpl() {
        return List.of(new Site.Head(
                "doConnect",
                "(" + INTERNET_HOST + "II)V",
                Site.GUARD,
                "plainSocket",
                "V",
                Site.Then.GO_ON,
                Site.Given.argument(1, INTERNET_HOST),
                Site.Given.argument(2, "I")));
    }

    /** Its connect sends nothing, and what a connected one sends goes through {@code send} as well. */
    static List<Site> plainDatagramSocketImpl() {
        String packet = "Ljava/net/DatagramPacket;";
        return List.of(
                new Site.Head(
                        "send",
                        "(" + packet + ")V",
                        Site.GUARD,
                        "packet",
                        packet,
                        Site.Then.REPLACE,
                        Site.Given.argument(1, packet)),
                new Site.Head(
                        "join",
                        "(" + INTERNET_HOST + ")V",
                        Site.GUARD,
                        "join",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.argument(1, INTERNET_HOST)),
                new Site.Head(
                        "joinGroup",
                        "(" + ADDRESS + "Ljava/net/NetworkInterface;)V",
                        Site.GUARD,
                        "joinGroup",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.argument(1, ADDRESS)));
    }

    /** The constructor of a channel, before anything is made: its provider may be a program's own. */
    static List<Site> provided(String hook, String provider) {
        String descriptor = "Ljava/nio/channels/" + provider + ";";
        return List.of(new Site.Head(
                "<init>",
                "(" + descriptor + ")V",
                Site.GUARD,
                hook,
                "V",
                Site.Then.GO_ON,
                Site.Given.argument(1, descriptor)));
    }

    static List<Site> sctpChannelImpl() {
        return List.of(sctp("connect", "(" + ADDRESS + ")Z", 1));
    }

    /** An association comes about by the first message to an address. */
    static List<Site> sctpMultiChannelImpl() {
        return List.of(sctp("send", "(I" + BUFFER + "I" + ADDRESS + "Lcom/sun/nio/sctp/MessageInfo;)I", 4));
    }

    private static Site sctp(String method, String descriptor, int target) {
        return new Site.Head(
                method, descriptor, Site.GUARD, "sctp", "V", Site.Then.GO_ON, Site.Given.argument(target, ADDRESS)) {
            @Override
            int count(ClassShape shape) {
                return method.equals("connect") || shape.hasDescriptorField ? 1 : 0;
            }
        };
    }
}
