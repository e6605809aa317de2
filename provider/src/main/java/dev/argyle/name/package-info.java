// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Stand-in addresses and the names behind them, so that a name that will be routed is never looked up on this machine.
 * Depends on the JDK alone.
 */
@NullMarked
package dev.argyle.name;

import org.jspecify.annotations.NullMarked;
