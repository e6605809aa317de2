// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** Programs that use the library, as a user would write them: the only ones here that may use it. */
@NullMarked
package dev.argyle.it.embedding;

import org.jspecify.annotations.NullMarked;
