// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is said of destinations is true: what a connect or a datagram then comes to. */
class ExplanationTruthTest extends ExplainerFixture {
    /** What a program's connect comes to: the same words as the outcomes, with the first server's address. */
    private String connected(Connector connector, String host, int port) {
        ScriptedCarrier carrier =
                new ScriptedCarrier().at(SERVER, ScriptedPeer.honest()).at(SECOND_SERVER, ScriptedPeer.honest());
        try {
            InetAddress[] addresses = connector.targets().addresses(host);
            InetSocketAddress remote = new InetSocketAddress((addresses == null ? program(host) : addresses)[0], port);
            carrier.at(remote, ScriptedPeer.refusingAtOnce());
            for (InetAddress address : names.real.getOrDefault(host, new InetAddress[0])) {
                carrier.at(new InetSocketAddress(address, port), ScriptedPeer.refusingAtOnce());
            }
            Connect connect = connector.connect(carrier, remote, 0, null);
            if (connect == null) {
                return "DIRECT";
            }
            Connects.drive(connect);
        } catch (UnknownHostException e) {
            return "UNKNOWN_NAME";
        } catch (ConnectException e) {
            return "DIRECT";
        } catch (IOException e) {
            return "REFUSED";
        }
        return "SERVER " + carrier.connects.get(0).getHostString();
    }

    private InetAddress[] program(String host) throws UnknownHostException {
        return host.matches("[0-9.]+|.*:.*") ? InetAddress.getAllByName(host) : names.lookUp(host);
    }

    /** A socket that nothing is done with but to ask for its peers. */
    private static final class NoSocket implements DatagramOwner {
        @Override
        public boolean supportsIPv6() {
            return true;
        }

        @Override
        public @Nullable InetSocketAddress localAddress() {
            return null;
        }

        @Override
        public SelectorProvider provider() {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public void changed() {}

        @Override
        public void lost() {}
    }

    /** What a program's datagram comes to, in the same words. */
    private static String sent(Connector connector, InetAddress address) {
        try {
            Peer peer = connector.datagrams(new NoSocket()).peer(new InetSocketAddress(address, 53));
            Association association = peer.association();
            return association == null
                    ? "DIRECT"
                    : "SERVER " + association.via.servers().get(0).host();
        } catch (UnknownHostException e) {
            return "UNKNOWN_NAME";
        } catch (IOException e) {
            return "REFUSED";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy=192.0.2.1",
                "proxy=192.0.2.1,bypass=none",
                "proxy=socks5://192.0.2.1",
                "proxy=192.0.2.1,bypass=*.here.test,10.0.0.0/8,198.51.100.7:80",
                "proxy=192.0.2.1,bypass=*,names.local=*",
                "proxy=192.0.2.1,names.local=*",
                "proxy=192.0.2.1,ROUTES",
                "proxy=192.0.2.1,ROUTES,names.reverse=off",
                "proxy=192.0.2.1,ROUTES,guard=enforce",
                "ROUTES",
                "ROUTES,guard=audit",
                "ROUTES,names.local=none,guard=enforce",
                "ROUTES,bypass=none",
                "BLOCKS,bypass=*.here.test,guard=enforce"
            })
    void explain_anyDestination_isWhatAConnectDoes(String configuration) throws Exception {
        String file = routes(
                "here.test NONE",
                "b.test 192.0.2.2",
                "only.test:443 192.0.2.2",
                "bad.test REFUSE",
                "10.0.0.0/8 192.0.2.2",
                "10.1.0.0/16 REFUSE",
                "198.51.100.0/24:1-100 192.0.2.1 tcp",
                "2001:db8:: 192.0.2.1:1080");
        known("db.here.test", "198.51.100.7");
        known("a.b.test", "10.1.2.3");
        known("some.test", "10.2.3.4", "198.51.100.9");
        known("only.test", "198.51.100.9");
        known("me.test", "203.0.113.1");
        known("localhost", "127.0.0.1");
        known("strange.test", "198.18.99.1");
        names.reverse.put(InetAddress.getByName("198.51.100.50"), "x.b.test");
        names.reverse.put(InetAddress.getByName("10.9.9.9"), "x.bad.test");
        names.reverse.put(InetAddress.getByName("10.9.9.8"), "x.here.test");
        Connector connector =
                connector(configuration.replace("ROUTES", file).replace("BLOCKS", routes("10.0.0.0/8 192.0.2.2")));
        Set<String> seen = new TreeSet<>();

        for (String host : List.of(
                "db.here.test",
                "a.b.test",
                "some.test",
                "only.test",
                "me.test",
                "localhost",
                "strange.test",
                "unknown.test",
                "unknown.here.test",
                "x.bad.test",
                "B\u00fccher.b.test",
                "127.0.0.1",
                "203.0.113.1",
                "224.0.0.1",
                "198.51.100.7",
                "198.51.100.50",
                "10.9.9.9",
                "10.9.9.8",
                "10.1.2.3",
                "10.2.3.4",
                "198.18.99.1",
                "2001:db8::",
                "::1",
                "::ffff:10.2.3.4")) {
            for (int port : new int[] {80, 443}) {
                Explanation tcp = connector.explainer().explain(host, port, Transport.TCP);
                String outcome = tcp.outcome()
                        + (tcp.servers().isEmpty()
                                ? ""
                                : " " + tcp.servers().get(0).host());
                assertThat(outcome).as("%s:%d%n%s", host, port, tcp.text()).isEqualTo(connected(connector, host, port));
                seen.add(outcome);
            }
        }

        assertThat(seen).as("what the destinations come to").hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy=192.0.2.1",
                "proxy=192.0.2.1,guard=off",
                "proxy=socks5://192.0.2.1,guard=audit",
                "proxy=192.0.2.1,bypass=*.here.test,db.test:53",
                "proxy=192.0.2.1,on-failure=direct",
                "proxy=192.0.2.1,udp=refuse",
                "proxy=192.0.2.1,udp=refuse,guard=off",
                "proxy=192.0.2.1,udp=off",
                "proxy=192.0.2.1,udp=off,guard=audit",
                "proxy=192.0.2.1,udp=off,guard=enforce",
                "proxy=192.0.2.1,ROUTES",
                "proxy=192.0.2.1,ROUTES,udp=refuse",
                "proxy=192.0.2.1,ROUTES,udp=off,guard=enforce",
                "proxy=192.0.2.1,ROUTES,guard=off",
                "ROUTES,guard=audit",
                "ROUTES,guard=enforce",
                "ROUTES,bypass=db.here.test:53"
            })
    void explain_anyDestination_isWhatADatagramDoes(String configuration) throws Exception {
        known("db.here.test", "198.51.100.7");
        known("db.test", "10.1.2.3");
        Connector connector = connector(configuration.replace(
                "ROUTES",
                routes(
                        "here.test NONE udp",
                        "10.0.0.0/8 192.0.2.2",
                        "b.test REFUSE",
                        "c.test:80 192.0.2.2",
                        "239.1.1.1 192.0.2.2",
                        "255.255.255.255 192.0.2.2")));

        for (String host : List.of(
                "db.here.test",
                "db.test",
                "a.b.test",
                "x.c.test",
                "10.1.2.3",
                "127.0.0.1",
                "224.0.0.1",
                "239.1.1.1",
                "255.255.255.255",
                "no.test",
                "198.18.3.4")) {
            String outcome;
            try {
                InetAddress[] addresses = connector.targets().addresses(host);
                outcome = sent(connector, (addresses == null ? program(host) : addresses)[0]);
            } catch (UnknownHostException e) {
                outcome = "UNKNOWN_NAME";
            }
            Explanation udp = connector.explainer().explain(host, 53, Transport.UDP);

            String explained = udp.outcome()
                    + (udp.servers().isEmpty() ? "" : " " + udp.servers().get(0).host());
            assertThat(explained).as("%s%n%s", host, udp.text()).isEqualTo(outcome);
        }
    }
}
