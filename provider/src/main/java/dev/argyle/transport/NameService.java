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

    /** Tells whether this thread is in such a look-up, which must be let pass where look-ups are hooked. */
    default boolean isLookingUp() {
        return false;
    }
}
