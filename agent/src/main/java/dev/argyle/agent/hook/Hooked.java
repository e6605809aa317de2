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

    static final Set<String> CLASSES = Set.of(
            NIO_SOCKET_IMPL,
            INET_ADDRESS,
            DEFAULT_PROXY_SELECTOR,
            SOCKET_CHANNEL_IMPL,
            SOCKET_ADAPTOR,
            SELECTION_KEY_IMPL,
            ASYNCHRONOUS_SOCKET_CHANNEL_IMPL,
            UNIX_ASYNCHRONOUS_SOCKET_CHANNEL_IMPL);

    private Hooked() {}
}
