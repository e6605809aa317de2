// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

/** Makes listening sockets that may be opened at a server. Safe for use by any thread. */
final class Socks5ServerSocketImplFactory implements SocketImplFactory {
    @Override
    public SocketImpl createSocketImpl() {
        return new Socks5ServerSocketImpl(SocketImpl.createPlatformSocketImpl(true));
    }
}
