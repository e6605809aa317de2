// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** Programs that use the library, as a user would write them: with {@code dev.argyle.it.examples} the only ones that may. */
@NullMarked
package dev.argyle.it.embedding;

import org.jspecify.annotations.NullMarked;
