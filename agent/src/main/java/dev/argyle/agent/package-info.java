// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The agent's entry: finds its own jar, makes the engine's class loader and hands over. In the system class loader, where
 * the JVM puts agents; sees the JDK alone, and nothing of the application may see more of ours than this.
 */
@NullMarked
package dev.argyle.agent;

import org.jspecify.annotations.NullMarked;
