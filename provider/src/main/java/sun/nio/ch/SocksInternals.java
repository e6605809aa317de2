// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;

/** The way to what is private in the JDK's classes. Stateless. */
final class SocksInternals implements PrivilegedExceptionAction<MethodHandles.Lookup> {
    private final Class<?> type;

    private SocksInternals(Class<?> type) {
        this.type = type;
    }

    /**
     * Returns a look-up that finds all that a class has. The program's own frames are below, and a policy may grant
     * them less than that takes (up to Java 23).
     */
    @SuppressWarnings("removal")
    static MethodHandles.Lookup of(Class<?> type) throws IllegalAccessException {
        SocksInternals action = new SocksInternals(type);
        if (System.getSecurityManager() == null) {
            return action.run();
        }
        try {
            return AccessController.doPrivileged(action);
        } catch (PrivilegedActionException e) {
            throw (IllegalAccessException) e.getException();
        }
    }

    @Override
    public MethodHandles.Lookup run() throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    /** Returns, or throws, what the JDK's method has thrown, which a handle does not declare. */
    static IOException thrown(Throwable e) {
        if (e instanceof IOException io) {
            return io;
        }
        if (e instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        throw new AssertionError(e);
    }
}
