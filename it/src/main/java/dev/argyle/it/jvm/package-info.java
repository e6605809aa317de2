// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Starts child JVMs, with the agent or without, and collects what they say.
 *
 * <p>May depend on the JDK and on nothing else.
 */
@NullMarked
package dev.argyle.it.jvm;

import org.jspecify.annotations.NullMarked;
