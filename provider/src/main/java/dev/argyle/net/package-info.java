// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The plug-in points of the JDK, and what is under them: socket implementations that connect through the engine, this
 * machine as the JDK knows it, and the seam in {@code java.base}. May use every package but the public entry.
 */
@NullMarked
package dev.argyle.net;

import org.jspecify.annotations.NullMarked;
