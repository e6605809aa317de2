// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program for each call of {@code dev.argyle.client}, as a user would write it: what README.md shows, and more around it. */
@NullMarked
package dev.argyle.it.examples;

import org.jspecify.annotations.NullMarked;
