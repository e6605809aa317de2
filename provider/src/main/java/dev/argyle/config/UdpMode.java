// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What becomes of datagrams whose route is a server, key {@code udp}. */
public enum UdpMode {
    /** The server carries them. */
    ON,
    /** They go direct, as far as the guard lets them. */
    OFF,
    /** They are refused. */
    REFUSE
}
