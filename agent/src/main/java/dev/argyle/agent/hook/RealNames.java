// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.name.LookedUp;
import dev.argyle.transport.NameService;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up with the JDK's own resolver, below its cache, which may hold the stand-in of the same name, and past our
 * hook. Safe for use by any thread.
 */
public final class RealNames implements NameService {
    private final LookedUp given = new LookedUp();
    private final ThreadLocal<Boolean> lookingUp = new ThreadLocal<>();
    private volatile @Nullable Method service;

    /** Looks nothing up yet. The package {@code java.net} must be open to this class. */
    public RealNames() {}

    @Override
    public boolean isHooked() {
        return true;
    }

    @Override
    public boolean isLookingUp() {
        return lookingUp.get() != null;
    }

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException {
        lookingUp.set(Boolean.TRUE);
        try {
            Method method = service();
            return (InetAddress[])
                    (method.getParameterCount() == 1 ? method.invoke(null, host) : method.invoke(null, host, null));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw (UnknownHostException) e.getCause();
            }
            throw unknown(host, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unknown(host, e);
        } finally {
            lookingUp.remove();
        }
    }

    /** A resolver that the application brings, from Java 18 on, need not. */
    @Override
    public boolean readsHostsFile() {
        try {
            return resolver().getClass().getClassLoader() == null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JDK's resolver cannot be found: " + e, e);
        }
    }

    @Override
    public void lookedUp(String host, InetAddress[] addresses) {
        given.add(host, addresses);
    }

    @Override
    public boolean gave(String host, InetAddress address) {
        return given.gave(host, address);
    }

    /** Asks the JDK's own resolver, which would go on to look the name up to see whether it is this address's. */
    @Override
    public String reverse(InetAddress address) throws UnknownHostException {
        lookingUp.set(Boolean.TRUE);
        try {
            return (String) reverseService().invoke(resolver(), (Object) address.getAddress());
        } catch (InvocationTargetException e) {
            throw unknown(address.getHostAddress(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JDK's resolver cannot be asked for names: " + e, e);
        } finally {
            lookingUp.remove();
        }
    }

    /** From Java 18 on the JDK's look-ups are a resolver's, which it finds when it is first needed. */
    static boolean hasResolvers() {
        return Runtime.version().feature() >= 18;
    }

    private static Object resolver() throws ReflectiveOperationException {
        if (!hasResolvers()) {
            Field field = InetAddress.class.getDeclaredField("nameService");
            field.setAccessible(true);
            return field.get(null);
        }
        Method method = InetAddress.class.getDeclaredMethod("resolver");
        method.setAccessible(true);
        return method.invoke(null);
    }

    private static Method reverseService() throws ReflectiveOperationException {
        Class<?> type =
                Class.forName(hasResolvers() ? "java.net.spi.InetAddressResolver" : "java.net.InetAddress$NameService");
        Method method = type.getMethod(hasResolvers() ? "lookupByAddress" : "getHostByAddr", byte[].class);
        method.setAccessible(true);
        return method;
    }

    private static UnknownHostException unknown(String host, @Nullable Throwable cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    private Method service() throws NoSuchMethodException {
        Method method = service;
        if (method == null) {
            for (Method candidate : InetAddress.class.getDeclaredMethods()) {
                if (candidate.getName().equals("getAddressesFromNameService")) {
                    method = candidate;
                }
            }
            if (method == null) {
                throw new NoSuchMethodException("InetAddress.getAddressesFromNameService");
            }
            method.setAccessible(true);
            service = method;
        }
        return method;
    }
}
