// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Decides where a target is sent: directly, through servers, or nowhere. Pure: no I/O, no clock, no thread. May depend
 * on {@code dev.argyle.protocol} only.
 */
@NullMarked
package dev.argyle.route;

import org.jspecify.annotations.NullMarked;
