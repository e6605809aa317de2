// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses dnsjava. */
@NullMarked
package dev.argyle.it.client.dnsjava;

import org.jspecify.annotations.NullMarked;
