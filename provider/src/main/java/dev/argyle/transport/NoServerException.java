// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.Serial;
import java.net.SocketException;

/** No server is found for a target: the routes have it reached directly. AIX's {@code S5_ENOSERV}. */
public final class NoServerException extends SocketException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Says why. */
    public NoServerException(String message) {
        super(message);
    }
}
