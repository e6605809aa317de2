// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses Apache FtpServer. */
@NullMarked
package dev.argyle.it.client.ftpserver;

import org.jspecify.annotations.NullMarked;
