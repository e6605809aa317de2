// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.net.InetSocketAddress;
import java.util.List;

/** One service that programs connect to, and where its visitors came from. Safe for use by several threads. */
record Target(InetSocketAddress address, AutoCloseable service, Waiting<InetSocketAddress> visited) {

    List<InetSocketAddress> visitors() {
        return visited.snapshot();
    }

    List<InetSocketAddress> awaitVisitors(int count) throws InterruptedException {
        return visited.await(count, visitor -> true, "visitors of " + address);
    }
}
