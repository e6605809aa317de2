// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The SOCKSv5 messages of RFC 1928 and RFC 1929 and the machine that exchanges them: bytes in, bytes out.
 *
 * <p>Holds no socket, thread, clock, name look-up or log. May depend on {@code java.lang}, {@code java.io} for its
 * exception, {@code java.nio} buffers, charsets, {@code java.util} and {@code java.net.IDN}; on no other package of
 * Argyle.
 */
@NullMarked
package dev.argyle.protocol;

import org.jspecify.annotations.NullMarked;
