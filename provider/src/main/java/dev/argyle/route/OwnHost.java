// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

/**
 * What a route table must know about this machine. Asked for single targets, never at construction, so that an
 * implementation can look at the interfaces late. Implementations are safe for use by any thread.
 */
public interface OwnHost {
    /**
     * Returns whether one of this machine's interfaces has this address.
     *
     * @param address 4 or 16 octets; an IPv4-mapped address arrives as 4. Not to be changed
     */
    boolean isOwnAddress(byte[] address);

    /**
     * Returns whether this is the broadcast address of a network that one of this machine's interfaces is in.
     *
     * @param address 4 or 16 octets; an IPv4-mapped address arrives as 4. Not to be changed
     */
    boolean isOwnBroadcast(byte[] address);

    /**
     * Returns whether this is the machine's own name.
     *
     * @param name in lower case, without a trailing dot
     */
    boolean isOwnName(String name);
}
