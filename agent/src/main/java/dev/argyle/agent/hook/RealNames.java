// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.transport.NameService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up with the JDK's own resolver, below its cache, which may hold the stand-in of the same name, and past our
 * hook. Safe for use by any thread.
 */
final class RealNames implements NameService {
    private final ThreadLocal<Boolean> lookingUp = new ThreadLocal<>();
    private volatile @Nullable Method service;

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
