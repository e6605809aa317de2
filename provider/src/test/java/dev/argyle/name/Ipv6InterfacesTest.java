// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;

class Ipv6InterfacesTest {
    @Test
    void getAsBoolean_thisMachine_isWhatItsInterfacesSay() throws Exception {
        boolean expected = NetworkInterface.networkInterfaces()
                .flatMap(each -> each.getInterfaceAddresses().stream())
                .map(InterfaceAddress::getAddress)
                .anyMatch(Inet6Address.class::isInstance);

        assertThat(new Ipv6Interfaces().getAsBoolean()).isEqualTo(expected);
    }
}
