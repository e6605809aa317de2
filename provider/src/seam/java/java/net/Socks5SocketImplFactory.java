// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

import java.util.Map;

/** Makes routed sockets, and keeps what their engine says of itself, for those who ask later. Safe for use by any thread. */
final class Socks5SocketImplFactory implements SocketImplFactory {
    final Map<String, Object> description;

    Socks5SocketImplFactory(Map<String, Object> description) {
        this.description = description;
    }

    @Override
    public SocketImpl createSocketImpl() {
        return new Socks5SocketImpl(SocketImpl.createPlatformSocketImpl(false));
    }
}
