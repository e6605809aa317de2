// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * A connection that a server has accepted.
 *
 * @param channel which carries it, of the JDK's own
 * @param peer who has connected
 * @param local where the server listened
 */
public record SocksAccepted(SocketChannel channel, InetSocketAddress peer, InetSocketAddress local) {}
