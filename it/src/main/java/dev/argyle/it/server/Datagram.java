// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

/**
 * The header of a datagram that came from a client (RFC 1928 §7), as it was on the wire.
 *
 * @param host the name as sent, or the address in the JDK's spelling; empty if there was none
 * @param octets how many there were behind the header
 */
public record Datagram(int reserved, int fragment, int addressType, String host, int port, int octets) {}
