// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

/** The points of a connection to a {@link ScriptedServer} at which a {@link Fault} can happen, in their order. */
public enum Step {
    /** The connection was accepted; nothing was read. */
    ACCEPTED,
    /** The greeting (RFC 1928 §3) was read; the method reply was not sent. */
    GREETING_READ,
    /** The method reply was sent. */
    METHOD_SENT,
    /** The user name and password (RFC 1929) were read; their status was not sent. Not reached with method 0. */
    AUTH_READ,
    /** The status of the user name and password was sent. Not reached with method 0. */
    AUTH_SENT,
    /** The request (RFC 1928 §4) was read; no connection to the target was tried. */
    REQUEST_READ,
    /** The connection to the target was made or has failed; the reply was not sent. */
    TARGET_TRIED,
    /** The reply (RFC 1928 §6) was sent; nothing was relayed. */
    REPLY_SENT
}
