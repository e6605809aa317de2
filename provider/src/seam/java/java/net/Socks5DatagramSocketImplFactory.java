// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

/** Makes routed datagram sockets. Stateless. */
final class Socks5DatagramSocketImplFactory implements DatagramSocketImplFactory {
    Socks5DatagramSocketImplFactory() {}

    @Override
    public DatagramSocketImpl createDatagramSocketImpl() {
        return new Socks5DatagramSocketImpl();
    }
}
