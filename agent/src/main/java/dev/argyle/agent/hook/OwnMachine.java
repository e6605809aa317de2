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
import org.jspecify.annotations.Nullable;

/** This machine, as the JDK knows it. Safe for use by any thread. */
final class OwnMachine implements OwnHost {
    private volatile @Nullable String name;

    @Override
    public boolean isOwnAddress(byte[] address) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByAddress(address)) != null;
        } catch (SocketException | UnknownHostException e) {
            return false;
        }
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
