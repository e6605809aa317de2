// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;

/** The places of {@link Hooks} where something leaves that is not carried: datagrams, SCTP, and channels that are not the JDK's. */
final class GuardHooks {
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String INTERNET_ADDRESS = "Ljava/net/InetSocketAddress;";
    private static final String GROUP = "Ljava/net/InetAddress;";
    private static final String BUFFER = "Ljava/nio/ByteBuffer;";

    private GuardHooks() {}

    /** What sockets and their adaptors send goes through it, too. A connected one has been asked about when it connected. */
    static List<Site> datagramChannelImpl() {
        return List.of(
                new Site.Head(
                        "send",
                        "(Ljava/io/FileDescriptor;" + BUFFER + INTERNET_ADDRESS + ")I",
                        Site.GUARD,
                        "datagram",
                        INTERNET_ADDRESS,
                        Site.Then.REPLACE,
                        Site.Given.argument(3, INTERNET_ADDRESS)),
                new Site.Head(
                        "connect",
                        "(" + ADDRESS + "Z)Ljava/nio/channels/DatagramChannel;",
                        Site.GUARD,
                        "peer",
                        ADDRESS,
                        Site.Then.REPLACE,
                        Site.Given.self("Ljava/nio/channels/DatagramChannel;"),
                        Site.Given.argument(1, ADDRESS)),
                new Site.Head(
                        "innerJoin",
                        "(" + GROUP + "Ljava/net/NetworkInterface;" + GROUP + ")Ljava/nio/channels/MembershipKey;",
                        Site.GUARD,
                        "join",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.argument(1, GROUP)));
    }

    /** The constructor of a channel, before anything is made: it is given its provider, which may be a program's own. */
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
