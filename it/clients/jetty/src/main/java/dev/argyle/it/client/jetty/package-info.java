// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Jetty's client. */
@NullMarked
package dev.argyle.it.client.jetty;

import org.jspecify.annotations.NullMarked;
