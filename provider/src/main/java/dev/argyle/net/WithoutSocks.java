// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import sun.nio.ch.SocksSeam;

/**
 * Leaves SOCKS out of what another selector answers: it is done below the socket, once. Safe for use by any thread if the
 * other is.
 */
final class WithoutSocks extends ProxySelector {
    private final ProxySelector other;

    WithoutSocks(ProxySelector other) {
        this.other = other;
    }

    @Override
    public List<Proxy> select(URI uri) {
        return SocksSeam.withoutSocks(other.select(uri));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException reason) {
        other.connectFailed(uri, address, reason);
    }
}
