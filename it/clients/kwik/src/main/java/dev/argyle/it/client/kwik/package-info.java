// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Kwik, for QUIC. */
@NullMarked
package dev.argyle.it.client.kwik;

import org.jspecify.annotations.NullMarked;
