// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.util.Objects;

/**
 * A server's answer to a request (RFC 1928 section 6).
 *
 * @param code REP, see {@link ReplyCode}; 0 is success
 * @param bound BND.ADDR and BND.PORT, as the server sent them: an all-zero address or a name of no octets too
 */
public record Reply(int code, Address bound) {
    /**
     * Checks the code.
     *
     * @throws IllegalArgumentException if it is not 0 to 255
     */
    public Reply {
        ReplyCode.checked(code);
        Objects.requireNonNull(bound);
    }
}
