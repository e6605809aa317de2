// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves SOCKS out of what another selector answers: it is done below the socket, once. Safe for use by any thread if the
 * other is.
 */
public final class WithoutSocks extends ProxySelector {
    private final ProxySelector other;

    WithoutSocks(ProxySelector other) {
        this.other = other;
    }

    /** Returns what is left without SOCKS: the same list if there is none in it, and {@code NO_PROXY} if there is nothing else. */
    public static List<Proxy> of(List<Proxy> proxies) {
        List<Proxy> others = new ArrayList<>(proxies.size());
        for (Proxy proxy : proxies) {
            if (proxy.type() != Proxy.Type.SOCKS) {
                others.add(proxy);
            }
        }
        return others.size() == proxies.size() ? proxies : others.isEmpty() ? List.of(Proxy.NO_PROXY) : others;
    }

    @Override
    public List<Proxy> select(URI uri) {
        return of(other.select(uri));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException reason) {
        other.connectFailed(uri, address, reason);
    }
}
