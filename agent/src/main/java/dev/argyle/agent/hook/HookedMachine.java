// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.net.OwnMachine;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;

/** This machine, where look-ups are hooked: its name is learnt without one. Safe for use by any thread. */
public final class HookedMachine extends OwnMachine {
    /** Knows nothing yet. The package {@code java.net} must be open to this class when it is asked. */
    public HookedMachine() {}

    /** As {@code InetAddress.getLocalHost} learns it, which would go on to look it up. */
    @Override
    protected String localHostName() {
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
