// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A name service that knows what a test tells it. What it is asked for hanging.test or later.test waits for the latch. */
final class ScriptedNames implements NameService {
    final Map<String, InetAddress[]> real = new HashMap<>();
    final Map<InetAddress, String> reverse = new HashMap<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    boolean hooked = true;

    @Override
    public boolean isHooked() {
        return hooked;
    }

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException {
        hang(host);
        InetAddress[] addresses = real.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host + ": not found");
        }
        return addresses;
    }

    @Override
    public boolean gave(String host, InetAddress address) {
        return real.containsKey(host) && List.of(real.get(host)).contains(address);
    }

    @Override
    public String reverse(InetAddress address) throws UnknownHostException {
        String name = reverse.get(address);
        if (name == null) {
            throw new UnknownHostException(address + ": not found");
        }
        hang(name);
        return name;
    }

    private void hang(String name) {
        if (name.equals("hanging.test") || name.startsWith("later.")) {
            try {
                hanging.await();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
