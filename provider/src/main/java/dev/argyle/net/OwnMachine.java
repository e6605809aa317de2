// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.route.OwnHost;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This machine, as the JDK knows it. Safe for use by any thread. */
public class OwnMachine implements OwnHost {
    /** For so long an address that the machine has got or lost goes unnoticed: to ask costs 40 us and more a connect. */
    private static final long FRESH_FOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Snapshot(List<byte[]> addresses, long takenAtNanos) {}

    private volatile @Nullable Snapshot snapshot;
    private volatile @Nullable String name;

    /** Knows nothing yet: the interfaces are asked when the first route is. */
    public OwnMachine() {}

    @Override
    public final boolean isOwnAddress(byte[] address) {
        long now = System.nanoTime();
        Snapshot known = snapshot;
        if (known == null || now - known.takenAtNanos > FRESH_FOR_NANOS) {
            known = new Snapshot(interfaceAddresses(), now);
            snapshot = known;
        }
        for (byte[] own : known.addresses) {
            if (Arrays.equals(own, address)) {
                return true;
            }
        }
        return false;
    }

    private static List<byte[]> interfaceAddresses() {
        List<byte[]> addresses = new ArrayList<>();
        try {
            Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
            while (interfaces.hasMoreElements()) {
                Enumeration<InetAddress> some = interfaces.nextElement().getInetAddresses();
                while (some.hasMoreElements()) {
                    addresses.add(some.nextElement().getAddress());
                }
            }
        } catch (SocketException e) {
            // there is no interface, or none that can be read: no address is known to be the machine's own
            return List.of();
        }
        return addresses;
    }

    @Override
    public final boolean isOwnName(String host) {
        String own = name;
        if (own == null) {
            own = localHostName();
            name = own;
        }
        return host.equalsIgnoreCase(own);
    }

    /** Returns the machine's own name, or nothing if it has none that it can look up itself. */
    protected String localHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
