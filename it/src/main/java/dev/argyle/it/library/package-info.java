// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that use the library, as a user would write them, without the agent. They run in child JVMs. They may use the
 * library's public API, the JDK, and what they show the library with.
 */
@NullMarked
package dev.argyle.it.library;

import org.jspecify.annotations.NullMarked;
