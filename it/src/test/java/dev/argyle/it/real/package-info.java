// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Real SOCKSv5 servers of other makers and real networks, started and stopped for tests.
 *
 * <p>May depend on the JDK, on Awaitility, on {@code dev.argyle.it.server} for ports, servers and targets, and on {@code
 * dev.argyle.it.jvm} for a process that has them in another network.
 */
@NullMarked
package dev.argyle.it.real;

import org.jspecify.annotations.NullMarked;
