// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names up for real, on this machine. Safe for use by any thread. */
public interface NameService {
    /**
     * Returns the addresses of a name; never stand-ins.
     *
     * @throws UnknownHostException if there are none
     */
    InetAddress[] lookUp(String host) throws UnknownHostException;

    /** Tells whether the JDK's look-ups, channels and datagrams are hooked, so that none goes past the engine. */
    default boolean isHooked() {
        return false;
    }

    /** Tells whether this thread is in such a look-up, which must be let pass where look-ups are hooked. */
    default boolean isLookingUp() {
        return false;
    }

    /** Is told what the JDK's own look-up has given, where look-ups are hooked. */
    default void lookedUp(String host, InetAddress[] addresses) {}

    /** Tells whether names of the hosts file are found without a question to anybody else. */
    default boolean readsHostsFile() {
        return true;
    }

    /**
     * Tells whether this JVM has looked the name up for real and got this address: that an address carries a name is none
     * of its doing, since {@link InetAddress#getByAddress(String, byte[])} gives it any.
     */
    boolean gave(String host, InetAddress address);

    /**
     * Returns the name that the name service has for an address.
     *
     * @throws UnknownHostException if it has none
     */
    String reverse(InetAddress address) throws UnknownHostException;
}
