// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** The public entry. May depend on every other package of the provider. */
@NullMarked
package dev.argyle;

import org.jspecify.annotations.NullMarked;
