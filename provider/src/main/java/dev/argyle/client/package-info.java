// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The calls of AIX's SOCKSv5 client facility ({@code socks5_api.h}) in the habits of the JDK: connect, bind and accept,
 * associate, send and receive, and which server is for which destination. Uses the packages below it, and {@code
 * dev.argyle} for its configuration.
 */
@NullMarked
package dev.argyle.client;

import org.jspecify.annotations.NullMarked;
