// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnServersTest extends DatagramsFixture {
    private static final String ALL = ",bypass=none,udp=refuse";

    @AfterEach
    void unmark() {
        OwnServers.mark(false);
    }

    private boolean isDirect(Connector connector, InetSocketAddress remote) throws Exception {
        return connector.connect(carrier, remote, 0, null) == null;
    }

    private static boolean isRefused(Datagrams datagrams, InetSocketAddress target) {
        try {
            datagrams.peer(target);
            return false;
        } catch (IOException e) {
            return e.getMessage().startsWith("Refused by udp=refuse: ");
        }
    }

    @Test
    void mark_withinAnother_returnsTheFormer() {
        assertThat(OwnServers.mark(true)).isFalse();
        assertThat(OwnServers.mark(true)).isTrue();
        assertThat(OwnServers.mark(false)).isTrue();
        assertThat(OwnServers.mark(false)).isFalse();
    }

    @Test
    void connect_toAServer_isDirectForAMarkedThreadAlone() throws Exception {
        Connector connector = connector(PROXY + ",192.0.2.2:1081" + ALL);
        InetSocketAddress first = at("192.0.2.1", 1080);
        InetSocketAddress second = at("192.0.2.2", 1081);

        assertThat(isDirect(connector, first)).isFalse();
        OwnServers.mark(true);
        assertThat(isDirect(connector, first)).isTrue();
        assertThat(isDirect(connector, second)).isTrue();
        FutureTask<Boolean> other = new FutureTask<>(() -> isDirect(connector, first));
        Thread thread = new Thread(other);
        thread.start();
        assertThat(other.get()).isFalse();
        thread.join();
        OwnServers.mark(false);
        assertThat(isDirect(connector, first)).isFalse();
    }

    @Test
    void connect_elsewhere_goesItsWayForAMarkedThreadToo() throws Exception {
        Connector connector = connector(PROXY + ALL);
        OwnServers.mark(true);

        assertThat(isDirect(connector, at("192.0.2.1", 1081))).isFalse();
        assertThat(isDirect(connector, at("192.0.2.3", 1080))).isFalse();
        assertThat(isDirect(connector, named(connector, "a.example", 1080))).isFalse();
    }

    @Test
    void connect_toAServerByName_isDirectByWhatALookUpGave() throws Exception {
        InetAddress known = address("192.0.2.7");
        InetAddress later = InetAddress.getByAddress("Bastion.example", new byte[] {(byte) 192, 0, 2, 8});
        InetAddress claimed = InetAddress.getByAddress("bastion.example", new byte[] {(byte) 192, 0, 2, 9});
        names.real.put("bastion.example", new InetAddress[] {known});
        Connector connector = connector("proxy=bastion.example:1080" + ALL);
        Connect behind = connector.connect(carrier, at("192.0.2.3", 80), 0, null);
        carrier.at(new InetSocketAddress(known, 1080), ScriptedPeer.honest());
        Connects.drive(behind); // so that the look-up has ended
        names.real.put("Bastion.example", new InetAddress[] {later});
        OwnServers.mark(true);

        assertThat(isDirect(connector, new InetSocketAddress(known, 1080))).isTrue();
        assertThat(isDirect(connector, new InetSocketAddress(later, 1080))).isTrue();
        assertThat(isDirect(connector, new InetSocketAddress(later, 1081))).isFalse();
        assertThat(isDirect(connector, new InetSocketAddress(claimed, 1080))).isFalse();
    }

    @Test
    void datagrams_toAServersAddress_areDirectForAMarkedThreadAlone() throws Exception {
        Connector connector = connector(PROXY + ALL);
        InetSocketAddress relay = at("192.0.2.1", 40_000);

        assertThat(isRefused(datagrams(connector), relay)).isTrue();
        OwnServers.mark(true);
        Datagrams ours = datagrams(connector);
        assertThat(ours.peer(relay).direct()).isEqualTo(relay);
        assertThat(isRefused(ours, at("192.0.2.3", 40_000))).isTrue();
        assertThat(isRefused(ours, named(connector, "a.example", 40_000))).isTrue();
        OwnServers.mark(false);
        assertThat(isRefused(datagrams(connector), relay)).isTrue();
    }

    @Test
    void datagrams_fromARelayThatWasSentToDirectly_comeIn() throws Exception {
        Datagrams ours = datagrams(connector(PROXY + ",bypass=none"));
        InetSocketAddress relay = at("192.0.2.1", 40_000);
        OwnServers.mark(true);
        ours.peer(relay);
        OwnServers.mark(false);

        assertThat(ours.source(relayed("192.0.2.3", 80, "x"), relay)).isSameAs(relay);
    }
}
