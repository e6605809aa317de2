// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Real SOCKSv5 servers of other makers, started and stopped for tests.
 *
 * <p>May depend on the JDK, on Awaitility, and on {@code dev.argyle.it.server} for ports and targets.
 */
@NullMarked
package dev.argyle.it.real;

import org.jspecify.annotations.NullMarked;
