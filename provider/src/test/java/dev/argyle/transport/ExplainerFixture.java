// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.SettingsLoader;
import dev.argyle.route.OwnHost;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A machine with addresses and a name of its own, and names that it knows. */
abstract class ExplainerFixture extends ServerFixture {
    final OwnHost machine = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return address[0] == (byte) 203;
        }

        @Override
        public boolean isOwnName(String name) {
            return name.equals("me.test");
        }
    };

    @Override
    Connector connector(String argument) throws Exception {
        return connector(SettingsLoader.load(argument, Map.of(), new Properties(), machine));
    }

    /** Has a look-up on this machine give these addresses. */
    void known(String name, String... literals) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByAddress(
                    name, InetAddress.getByName(literal).getAddress()));
        }
        names.real.put(name, addresses.toArray(new InetAddress[0]));
    }
}
