// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What single calls cost, in JMH's benchmarks: each {@code measure...} stands beside a {@code baseline...}. May depend on
 * what {@code provider} exports to its own modules, and on JMH.
 */
@NullMarked
package dev.argyle.it.jmh;

import org.jspecify.annotations.NullMarked;
