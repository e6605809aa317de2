// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Which places of the JDK's classes are hooked, how, and what they lead to. In the engine's class loader, with the
 * provider and Byte Buddy's ASM; uses those and the JDK. What the hooked places call is the provider's seam.
 */
@NullMarked
package dev.argyle.agent.hook;

import org.jspecify.annotations.NullMarked;
