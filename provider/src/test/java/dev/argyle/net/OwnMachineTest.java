// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnMachineTest {
    private final OwnMachine machine = new OwnMachine();

    @Test
    void isOwnAddress_addressOfAnInterface_isTrue() throws Exception {
        List<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toList());

        assertThat(own).isNotEmpty().allMatch(address -> machine.isOwnAddress(address.getAddress()));
    }

    @Test
    void isOwnBroadcast_ofANetworkOfAnInterface_isTrue() throws Exception {
        List<InetAddress> broadcasts = NetworkInterface.networkInterfaces()
                .flatMap(each -> each.getInterfaceAddresses().stream())
                .filter(each -> each.getBroadcast() != null
                        && !each.getBroadcast().isAnyLocalAddress()
                        && !each.getBroadcast().equals(each.getAddress()))
                .map(InterfaceAddress::getBroadcast)
                .collect(Collectors.toList());

        assertThat(broadcasts).allMatch(address -> machine.isOwnBroadcast(address.getAddress()));
        assertThat(machine.isOwnBroadcast(new byte[] {127, 0, 0, 1})).isFalse();
        assertThat(machine.isOwnBroadcast(new byte[4])).isFalse();
    }

    @Test
    void isOwnAddress_askedAgain_saysTheSame() {
        byte[] loopback = InetAddress.getLoopbackAddress().getAddress();

        assertThat(machine.isOwnAddress(loopback)).isTrue();
        assertThat(machine.isOwnAddress(loopback)).isTrue();
    }

    @Test
    void isOwnAddress_addressOfNoInterface_isFalse() {
        // RFC 5737 and RFC 3849: documentation, on no interface
        assertThat(machine.isOwnAddress(new byte[] {(byte) 198, 51, 100, 1})).isFalse();
        assertThat(machine.isOwnAddress(new byte[] {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}))
                .isFalse();
    }
}
