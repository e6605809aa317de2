// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that measure what datagrams cost: of a socket, of a channel, and of a channel that is relayed by hand.
 *
 * <p>They use the JDK's public API at the level of Java 17 and depend on nothing else of this project.
 */
@NullMarked
package dev.argyle.it.app.pingpong;

import org.jspecify.annotations.NullMarked;
