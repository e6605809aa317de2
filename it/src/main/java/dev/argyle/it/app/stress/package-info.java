// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that make very many connections by channels, at random and against each other, and check each of them.
 *
 * <p>They run plain and routed, and depend on the JDK alone.
 */
@NullMarked
package dev.argyle.it.app.stress;

import org.jspecify.annotations.NullMarked;
