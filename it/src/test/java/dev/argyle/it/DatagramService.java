// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import java.net.InetSocketAddress;
import java.util.List;

/** What a client that uses UDP talks to, at an ephemeral port of an address. */
interface DatagramService extends AutoCloseable {
    int port();

    /** Where its datagrams came from, some of them more than once. */
    List<InetSocketAddress> visitors();

    @Override
    void close() throws Exception;
}
