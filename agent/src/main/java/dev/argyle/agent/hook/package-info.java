// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Which places of the JDK's classes are hooked, how, and what they lead to. In the engine's class loader, with the
 * provider and Byte Buddy's ASM; uses those, the seam in {@code sun.nio.ch} and the JDK.
 */
@NullMarked
package dev.argyle.agent.hook;

import org.jspecify.annotations.NullMarked;
