// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A scripted SOCKSv5 server, a plain forwarder and the targets behind them, for tests, demonstrations and benchmarks.
 *
 * <p>May depend on the JDK and on nothing else: it shares no code with {@code provider} or {@code agent}, so that a
 * mistake of theirs cannot cancel itself out here.
 */
@NullMarked
package dev.argyle.it.server;

import org.jspecify.annotations.NullMarked;
