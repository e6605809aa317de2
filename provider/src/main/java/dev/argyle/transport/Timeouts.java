// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.util.concurrent.TimeUnit;

/**
 * How long a server may take.
 *
 * @param reachMillis to accept the connection and to agree on a method, key {@code connect.timeout}
 * @param replyMillis to answer the request, which includes its own connect to the target, key {@code handshake.timeout}
 */
record Timeouts(long reachMillis, long replyMillis) {
    long reachNanos() {
        return TimeUnit.MILLISECONDS.toNanos(reachMillis);
    }

    long replyNanos() {
        return TimeUnit.MILLISECONDS.toNanos(replyMillis);
    }
}
