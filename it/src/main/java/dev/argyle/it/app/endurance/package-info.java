// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that have many datagram sockets, at once and one after the other, and tell what is left of them.
 *
 * <p>They run plain and routed, use the JDK's public API at the level of Java 17 and depend on nothing else of this project.
 */
@NullMarked
package dev.argyle.it.app.endurance;

import org.jspecify.annotations.NullMarked;
