// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

/** The ways of datagrams through a relay. */
public enum Direction {
    /** From the client to the target. */
    UP,
    /** From the target to the client. */
    DOWN
}
