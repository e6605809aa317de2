// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an application wants to go: by name, by address, or by an address with the name that it was found under.
 * Immutable.
 *
 * @param name the host name as the application gave it; null if unknown or if it was an address literal. The empty
 *     name stands for loopback, as in the JDK.
 * @param address 4 or 16 octets; null if unknown. An IPv4-mapped address becomes the IPv4 address, as in
 *     {@link java.net.Inet6Address}
 * @param port 0 to 65535
 * @param transport what it is to be reached over
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out; equals and hashCode look at the octets
public record Target(@Nullable String name, byte @Nullable [] address, int port, Transport transport) {
    /**
     * Turns a literal given as name into the address.
     *
     * @throws IllegalArgumentException if neither name nor address is given, if the address has not 4 or 16 octets, or
     *     if the port is not from 0 to 65535
     */
    public Target {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " (expected: 0 to 65535)");
        }
        byte[] literal = name == null ? null : IpLiteral.parse(name);
        if (literal != null) {
            name = null;
            address = address == null ? literal : address;
        }
        if (name == null && address == null) {
            throw new IllegalArgumentException("neither name nor address");
        }
        if (address != null) {
            if (address.length != 4 && address.length != 16) {
                throw new IllegalArgumentException("address of " + address.length + " octets (expected: 4 or 16)");
            }
            address = IpLiteral.isMapped(address) ? Arrays.copyOfRange(address, 12, 16) : address.clone();
        }
    }

    /** A target of TCP. */
    public Target(@Nullable String name, byte @Nullable [] address, int port) {
        this(name, address, port, Transport.TCP);
    }

    /** Returns a copy of the address, or null if only the name is known. */
    @Override
    public byte @Nullable [] address() {
        return address == null ? null : address.clone();
    }

    /** Returns the address itself, for readers in this package that do not write to it. */
    byte @Nullable [] octets() {
        return address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Target that
                && port == that.port
                && transport == that.transport
                && Objects.equals(name, that.name)
                && Arrays.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Objects.hashCode(name) + Arrays.hashCode(address)) + port;
    }

    /** Returns {@code name:port}, {@code name/address:port} or {@code address:port}, as socket addresses print; without the transport. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (name != null) {
            text.append(name);
        }
        if (address != null) {
            String literal = IpLiteral.format(address);
            text.append(name == null ? "" : "/").append(address.length == 16 ? "[" + literal + "]" : literal);
        }
        return text.append(':').append(port).toString();
    }
}
