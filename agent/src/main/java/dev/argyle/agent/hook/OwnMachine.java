// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.route.OwnHost;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This machine, as the JDK knows it. Safe for use by any thread. */
final class OwnMachine implements OwnHost {
    /** For so long an address that the machine has got or lost goes unnoticed: to ask costs 40 us and more a connect. */
    private static final long FRESH_FOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Snapshot(Set<InetAddress> addresses, long takenAtNanos) {}

    private volatile @Nullable Snapshot snapshot;
    private volatile @Nullable String name;

    @Override
    public boolean isOwnAddress(byte[] address) {
        long now = System.nanoTime();
        Snapshot known = snapshot;
        if (known == null || now - known.takenAtNanos > FRESH_FOR_NANOS) {
            known = new Snapshot(interfaceAddresses(), now);
            snapshot = known;
        }
        try {
            return known.addresses.contains(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Not an address: " + address.length + " octets", e);
        }
    }

    private static Set<InetAddress> interfaceAddresses() {
        Set<InetAddress> addresses = new HashSet<>();
        try {
            Enumeration<NetworkInterface> interfaces = NetworkInterface.getNetworkInterfaces();
            while (interfaces.hasMoreElements()) {
                Enumeration<InetAddress> some = interfaces.nextElement().getInetAddresses();
                while (some.hasMoreElements()) {
                    addresses.add(some.nextElement());
                }
            }
        } catch (SocketException e) {
            // there is no interface, or none that can be read: no address is known to be the machine's own
            return Set.of();
        }
        return addresses;
    }

    @Override
    public boolean isOwnName(String host) {
        String own = name;
        if (own == null) {
            own = localHostName();
            name = own;
        }
        return host.equalsIgnoreCase(own);
    }

    /** As {@code InetAddress.getLocalHost} learns it, which would go on to look it up. */
    private static String localHostName() {
        try {
            Field field = InetAddress.class.getDeclaredField("impl");
            field.setAccessible(true);
            Object impl = field.get(null);
            Method method = Class.forName("java.net.InetAddressImpl").getDeclaredMethod("getLocalHostName");
            method.setAccessible(true);
            return (String) method.invoke(impl);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This machine's name cannot be had", e);
        }
    }
}
