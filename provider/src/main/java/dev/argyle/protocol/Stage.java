// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

/** Which of a handshake's three exchanges is going on. */
public enum Stage {
    /** The greeting is answered by the choice of a method (RFC 1928 section 3). */
    METHOD,
    /** The sub-negotiation of the chosen method, RFC 1929 for one. */
    AUTHENTICATION,
    /** The request is answered by the reply, or by two (RFC 1928 sections 4 and 6). */
    REQUEST
}
