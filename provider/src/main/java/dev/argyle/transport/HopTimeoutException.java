// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.ConnectException;

/** A server's time is up. As the kernel's own limit, it is a ConnectException: the application's is another. */
final class HopTimeoutException extends ConnectException {
    private static final long serialVersionUID = 1;

    private final boolean requested;

    HopTimeoutException(String message, boolean requested) {
        super(message);
        this.requested = requested;
    }

    /** Whether the request had been sent, so that the target may be the slow one. */
    boolean requested() {
        return requested;
    }
}
