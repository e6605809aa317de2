// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.route.OwnHost;
import java.net.InetAddress;
import java.net.InterfaceAddress;
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

    private record Snapshot(List<byte[]> addresses, List<byte[]> broadcasts, long takenAtNanos) {}

    private volatile @Nullable Snapshot snapshot;
    private volatile @Nullable String name;

    /** Knows nothing yet: the interfaces are asked when the first route is. */
    public OwnMachine() {}

    @Override
    public final boolean isOwnAddress(byte[] address) {
        return contains(snapshot().addresses, address);
    }

    @Override
    public final boolean isOwnBroadcast(byte[] address) {
        return contains(snapshot().broadcasts, address);
    }

    private static boolean contains(List<byte[]> addresses, byte[] address) {
        for (byte[] each : addresses) {
            if (Arrays.equals(each, address)) {
                return true;
            }
        }
        return false;
    }

    private Snapshot snapshot() {
        long now = System.nanoTime();
        Snapshot known = snapshot;
        if (known == null || now - known.takenAtNanos > FRESH_FOR_NANOS) {
            List<byte[]> addresses = new ArrayList<>();
            List<byte[]> broadcasts = new ArrayList<>();
            try {
                Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
                while (interfaces.hasMoreElements()) {
                    add(interfaces.nextElement(), addresses, broadcasts);
                }
            } catch (SocketException e) {
                // there is no interface, or none that can be read: no address is known to be the machine's own
            }
            known = new Snapshot(addresses, broadcasts, now);
            snapshot = known;
        }
        return known;
    }

    private static void add(NetworkInterface by, List<byte[]> addresses, List<byte[]> broadcasts) {
        Enumeration<InetAddress> some = by.getInetAddresses();
        while (some.hasMoreElements()) {
            addresses.add(some.nextElement().getAddress());
        }
        for (InterfaceAddress each : by.getInterfaceAddresses()) {
            InetAddress broadcast = each.getBroadcast();
            // an address that is a network of its own may have none, or itself, in this place
            if (broadcast != null && !broadcast.isAnyLocalAddress() && !broadcast.equals(each.getAddress())) {
                broadcasts.add(broadcast.getAddress());
            }
        }
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
