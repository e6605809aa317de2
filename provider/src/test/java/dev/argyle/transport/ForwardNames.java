// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A name service that is asked for nothing but the addresses of names. */
abstract class ForwardNames implements NameService {
    interface Service {
        InetAddress[] lookUp(String host) throws UnknownHostException;
    }

    static NameService of(Service service) {
        return new ForwardNames() {
            @Override
            public InetAddress[] lookUp(String host) throws UnknownHostException {
                return service.lookUp(host);
            }
        };
    }

    @Override
    public final boolean gave(String host, InetAddress address) {
        throw new AssertionError(host);
    }

    @Override
    public final String reverse(InetAddress address) {
        throw new AssertionError(address);
    }
}
