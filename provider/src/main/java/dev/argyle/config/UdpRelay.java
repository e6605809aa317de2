// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** Where a server may say that its relay of datagrams is, key {@code udp.relay}. */
public enum UdpRelay {
    /** At an address of the server itself. */
    SERVER,
    /** Anywhere. */
    ANY
}
