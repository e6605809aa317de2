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

    /** Asks again, which the JDK's cache answers: where look-ups are not hooked, none is kept from this machine. */
    @Override
    public boolean gave(String host, InetAddress address) {
        try {
            for (InetAddress each : InetAddress.getAllByName(host)) {
                if (each.equals(address)) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            return false;
        }
        return false;
    }

    @Override
    public String reverse(InetAddress address) throws UnknownHostException {
        String name = InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
        if (name.equals(address.getHostAddress())) {
            throw new UnknownHostException(name);
        }
        return name;
    }
}
