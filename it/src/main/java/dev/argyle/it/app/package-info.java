// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Plain programs that run in child JVMs, with the agent and without it.
 *
 * <p>They are the "unmodified program" of the tests: they use the JDK's public API at the level of
 * Java 17, a few of them Netty too, and depend on nothing else of this project.
 */
@NullMarked
package dev.argyle.it.app;

import org.jspecify.annotations.NullMarked;
