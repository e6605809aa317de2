// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that use the library, as a user would write them. They run in child JVMs with the library's jar beside them,
 * and depend on the JDK and the library's public API alone.
 */
@NullMarked
package dev.argyle.it.library;

import org.jspecify.annotations.NullMarked;
