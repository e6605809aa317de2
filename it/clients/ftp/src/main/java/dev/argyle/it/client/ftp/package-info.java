// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Apache Commons Net. */
@NullMarked
package dev.argyle.it.client.ftp;

import org.jspecify.annotations.NullMarked;
