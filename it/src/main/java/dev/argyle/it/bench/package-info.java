// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Whole-process benchmarks, one command each: what a start costs, what a connect costs, of a socket and of a channel, and
 * that nothing is lost after it.
 *
 * <p>Servers, targets and measured programs each run in child JVMs. May depend on {@code dev.argyle.it.jvm}, {@code
 * dev.argyle.it.server} and the JDK; runs the programs of {@code dev.argyle.it.app}.
 */
@NullMarked
package dev.argyle.it.bench;

import org.jspecify.annotations.NullMarked;
