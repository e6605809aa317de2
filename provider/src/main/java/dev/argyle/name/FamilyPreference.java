// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.util.Properties;

/** Which family's addresses a program wants, as it tells the JDK. */
public enum FamilyPreference {
    /** It has no IPv6 at all. */
    IPV4_ONLY,
    /** IPv4 addresses come first, the JDK's default. */
    IPV4_FIRST,
    /** IPv6 addresses come first. */
    IPV6_FIRST;

    /**
     * Reads the properties of {@link java.net.InetAddress}: {@code java.net.preferIPv4Stack} and
     * {@code java.net.preferIPv6Addresses}. With {@code system}, the order of the operating system's answers, IPv4 comes
     * first: a stand-in has no such answer.
     */
    public static FamilyPreference of(Properties systemProperties) {
        if (Boolean.parseBoolean(systemProperties.getProperty("java.net.preferIPv4Stack"))) {
            return IPV4_ONLY;
        }
        return Boolean.parseBoolean(systemProperties.getProperty("java.net.preferIPv6Addresses"))
                ? IPV6_FIRST
                : IPV4_FIRST;
    }
}
