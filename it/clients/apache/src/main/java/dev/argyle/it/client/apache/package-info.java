// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses the asynchronous client of Apache HttpComponents. */
@NullMarked
package dev.argyle.it.client.apache;

import org.jspecify.annotations.NullMarked;
