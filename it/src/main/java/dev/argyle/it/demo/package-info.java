// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The demonstration for those who meet this project first: one program, its connections, and who saw them where.
 *
 * <p>May depend on {@code dev.argyle.it.server}, {@code dev.argyle.it.jvm} and the JDK.
 */
@NullMarked
package dev.argyle.it.demo;

import org.jspecify.annotations.NullMarked;
