// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.Set;

/**
 * The names of the hooked classes, as in class files. Apart from {@link Hooks}, which brings in ASM and is not needed before
 * one of them loads: most programs that are started never connect.
 */
final class Hooked {
    static final String NIO_SOCKET_IMPL = "sun/nio/ch/NioSocketImpl";
    static final String INET_ADDRESS = "java/net/InetAddress";
    static final String DEFAULT_PROXY_SELECTOR = "sun/net/spi/DefaultProxySelector";

    static final String SOCKET_CHANNEL_IMPL = "sun/nio/ch/SocketChannelImpl";
    static final String SOCKET_ADAPTOR = "sun/nio/ch/SocketAdaptor";
    static final String SELECTION_KEY_IMPL = "sun/nio/ch/SelectionKeyImpl";
    static final String ASYNCHRONOUS_SOCKET_CHANNEL_IMPL = "sun/nio/ch/AsynchronousSocketChannelImpl";

    /** Not on Windows. */
    static final String UNIX_ASYNCHRONOUS_SOCKET_CHANNEL_IMPL = "sun/nio/ch/UnixAsynchronousSocketChannelImpl";

    static final String SERVER_SOCKET = "java/net/ServerSocket";
    static final String SERVER_SOCKET_CHANNEL_IMPL = "sun/nio/ch/ServerSocketChannelImpl";
    static final String ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL = "sun/nio/ch/AsynchronousServerSocketChannelImpl";

    /** Not on Windows. */
    static final String UNIX_ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL =
            "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl";

    static final String DATAGRAM_CHANNEL_IMPL = "sun/nio/ch/DatagramChannelImpl";

    /** Java 17 alone. */
    static final String PLAIN_PREFIX = "java/net/AbstractPlain";

    /** The sockets of before, which a program can ask for by {@code jdk.net.usePlainSocketImpl}. */
    static final String PLAIN_SOCKET_IMPL = PLAIN_PREFIX + "SocketImpl";

    /** The same for datagrams, {@code jdk.net.usePlainDatagramSocketImpl}. */
    static final String PLAIN_DATAGRAM_SOCKET_IMPL = PLAIN_PREFIX + "DatagramSocketImpl";

    static final String SOCKET_CHANNEL = "java/nio/channels/SocketChannel";
    static final String DATAGRAM_CHANNEL = "java/nio/channels/DatagramChannel";
    static final String ASYNCHRONOUS_SOCKET_CHANNEL = "java/nio/channels/AsynchronousSocketChannel";

    /** A module that a JVM need not have, loaded as the JDK's base is. */
    static final String SCTP_MODULE = "jdk.sctp";

    static final String SCTP_PACKAGE = "sun/nio/ch/sctp/";
    static final String SCTP_CHANNEL_IMPL = SCTP_PACKAGE + "SctpChannelImpl";
    static final String SCTP_MULTI_CHANNEL_IMPL = SCTP_PACKAGE + "SctpMultiChannelImpl";

    static final Set<String> CLASSES = Set.of(
            NIO_SOCKET_IMPL,
            INET_ADDRESS,
            DEFAULT_PROXY_SELECTOR,
            SOCKET_CHANNEL_IMPL,
            SOCKET_ADAPTOR,
            SELECTION_KEY_IMPL,
            ASYNCHRONOUS_SOCKET_CHANNEL_IMPL,
            UNIX_ASYNCHRONOUS_SOCKET_CHANNEL_IMPL,
            SERVER_SOCKET,
            SERVER_SOCKET_CHANNEL_IMPL,
            ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL,
            UNIX_ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL,
            DATAGRAM_CHANNEL_IMPL,
            PLAIN_SOCKET_IMPL,
            PLAIN_DATAGRAM_SOCKET_IMPL,
            SOCKET_CHANNEL,
            DATAGRAM_CHANNEL,
            ASYNCHRONOUS_SOCKET_CHANNEL,
            SCTP_CHANNEL_IMPL,
            SCTP_MULTI_CHANNEL_IMPL);

    private Hooked() {}
}
