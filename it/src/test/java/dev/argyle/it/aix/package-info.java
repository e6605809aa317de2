// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The manual pages of AIX's SOCKS5 client facility, and connect(3SOCKET), as tests: a class for each page, its sections as
 * nested classes, and for each of its lines a test that is named for it.
 */
@NullMarked
package dev.argyle.it.aix;

import org.jspecify.annotations.NullMarked;
