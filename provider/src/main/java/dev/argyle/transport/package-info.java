// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Drives a handshake on whatever carries bytes: one deadline, one server after the other, and what is remembered of those
 * that failed. Depends on {@code protocol}, {@code route}, {@code name}, {@code config} and {@code observe}.
 */
@NullMarked
package dev.argyle.transport;

import org.jspecify.annotations.NullMarked;
