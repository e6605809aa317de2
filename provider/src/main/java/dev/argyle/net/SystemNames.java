// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.NameService;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The JDK's own look-up, where nothing of ours is in its way. Safe for use by any thread. */
public final class SystemNames implements NameService {
    /** Has no state. */
    public SystemNames() {}

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException {
        return InetAddress.getAllByName(host);
    }
}
