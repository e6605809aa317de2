// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Netty, of the 4.1 line or the 4.2 line. */
@NullMarked
package dev.argyle.it.client.netty;

import org.jspecify.annotations.NullMarked;
