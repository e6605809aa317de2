// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Reactor Netty's HTTP client. */
@NullMarked
package dev.argyle.it.client.reactor;

import org.jspecify.annotations.NullMarked;
