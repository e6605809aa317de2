// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine at which nobody receives: a socket of ours has it, connected to itself, and the kernel refuses what
 * others send there. Safe for use by any thread.
 */
final class SocksDeadPort {
    private static final byte[] LOOPBACK_IPV4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static @Nullable InetSocketAddress ipv4; // guarded by the class
    private static @Nullable InetSocketAddress ipv6; // guarded by the class

    private SocksDeadPort() {}

    /** Returns one that a socket bound to this address reaches. */
    static synchronized InetSocketAddress forSocketAt(InetSocketAddress local) throws IOException {
        InetAddress address = local.getAddress();
        if (address instanceof Inet6Address && !address.isAnyLocalAddress()) {
            if (ipv6 == null) {
                ipv6 = open(StandardProtocolFamily.INET6, LOOPBACK_IPV6);
            }
            return ipv6;
        }
        if (ipv4 == null) {
            ipv4 = open(StandardProtocolFamily.INET, LOOPBACK_IPV4);
        }
        return ipv4;
    }

    /** The descriptor stays open for as long as the JVM runs. */
    private static InetSocketAddress open(ProtocolFamily family, byte[] address) throws IOException {
        FileDescriptor fd = Net.socket(family, false);
        Net.bind(family, fd, InetAddress.getByAddress(address), 0);
        InetSocketAddress own = Net.localAddress(fd);
        Net.connect(family, fd, own.getAddress(), own.getPort());
        return own;
    }
}
