// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

/** What a target does. */
enum Role {
    /** Sends {@value Talk#GREETING}, then back what it gets. */
    FIRST,
    /** Sends back what it gets. */
    ECHO,
    /** Closes what it accepts. */
    CLOSER,
    /** Listens no more. */
    REFUSED
}
