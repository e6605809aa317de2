// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argyle.Configuration;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * AIX's {@code socks5_getserv}, line by line: {@link Socks5Client#server}.
 *
 * <p>{@code DstLen} there is none. That the connections then go to this server is {@link Socks5TcpConnectIT}'s, and what the file
 * may say {@link Socks5cConfIT}'s.
 */
class Socks5GetservIT extends Page {
    private Socks5Server serverFor(Socks5Client of, String host) throws IOException {
        return of.server(InetSocketAddress.createUnresolved(host, 80));
    }

    @Nested
    class Parameters {
        @ParameterizedTest
        @CsvSource({"192.0.2.1, 192.0.2.204:1080", "2001:db8::1, '[2001:db8::53]:1081'"})
        void Dst_isAnAddress_ofEitherFamily(String address, String found) throws Exception {
            Socks5Client routing = routing("192.0.2.0/24 192.0.2.204", "2001:db8::/32 2001:db8::53:1081");

            assertThat(routing.server(new InetSocketAddress(InetAddress.getByName(address), 80)))
                    .hasToString(found);
        }

        /** AIX has no names here, but in its file. */
        @Test
        void Dst_mayBeAName() throws Exception {
            Socks5Client routing = routing("inside.test 192.0.2.201", "0.0.0.0/0 192.0.2.202");

            assertThat(serverFor(routing, NAME)).isEqualTo(new Socks5Server("192.0.2.201", 1080));
        }

        @Test
        void Dst_hasAPort_whichRecordsMayHaveToo() throws Exception {
            Socks5Client routing = routing("192.0.2.0/24 192.0.2.201", "192.0.2.0/24:443 192.0.2.202");

            assertThat(routing.server(new InetSocketAddress("192.0.2.1", 80))).hasToString("192.0.2.201:1080");
            assertThat(routing.server(new InetSocketAddress("192.0.2.1", 443))).hasToString("192.0.2.202:1080");
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void server_isThatOfTheBestRecord() throws Exception {
            Socks5Client routing = routing("10.0.0.0/8 192.0.2.202", "10.1.0.0/16 192.0.2.201:1081");

            assertThat(routing.server(new InetSocketAddress("10.1.2.3", 80)))
                    .isEqualTo(new Socks5Server("192.0.2.201", 1081));
            assertThat(routing.server(new InetSocketAddress("10.2.2.3", 80)))
                    .isEqualTo(new Socks5Server("192.0.2.202", 1080));
        }

        /** AIX has one server in a record. */
        @Test
        void server_ofSeveral_isTheOneToBeTriedFirst() throws Exception {
            assertThat(routing("10.0.0.0/8 192.0.2.205,192.0.2.206").server(new InetSocketAddress("10.1.2.3", 80)))
                    .isEqualTo(new Socks5Server("192.0.2.205", 1080));
        }

        @Test
        void server_showsNoSecret() throws Exception {
            Socks5Client guarded = Socks5Client.at("socks5h://alice:sesame@192.0.2.1");

            assertThat(serverFor(guarded, NAME)).hasToString("192.0.2.1:1080");
        }

        @ParameterizedTest
        @ValueSource(strings = {"198.51.100.1", "203.0.113.1"})
        void null_isNone_byARecordAndByTheImplicitOnes(String address) throws Exception {
            Socks5Client routing = routing("192.0.2.0/24 192.0.2.203", "198.51.100.0/24 NONE");

            assertThat(routing.server(new InetSocketAddress(address, 80))).isNull();
        }

        @Test
        void null_isThisMachine_unlessTheConfigurationSaysOtherwise() throws Exception {
            InetSocketAddress own = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

            assertThat(Socks5Client.of(Configuration.of("192.0.2.203")).server(own))
                    .isNull();
            assertThat(Socks5Client.of(Configuration.of("192.0.2.203,bypass=none"))
                            .server(own))
                    .hasToString("192.0.2.203:1080");
            assertThat(client.server(own)).isEqualTo(of(server.address()));
        }

        /** There is nobody to ask, so that nothing is connected to. */
        @Test
        void call_asksNobody() throws Exception {
            client.server(new InetSocketAddress("192.0.2.1", 80));
            serverFor(client, NAME);

            assertThat(server.exchanges()).isEmpty();
        }
    }

    /** The page has none; a name may have to be looked up here, since its server looks none up, and be unknown. */
    @Nested
    class Errors {
        private static final String UNKNOWN = "no such name.invalid";

        @Test
        void name_thatIsUnknownHere_isAnException() throws Exception {
            Socks5Client routing = routing("invalid socks5://192.0.2.203");

            assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> serverFor(routing, UNKNOWN));
        }

        @Test
        void name_thatIsUnknownHere_andOfNoRecord_hasNoServer() throws Exception {
            assertThat(serverFor(routing("192.0.2.0/24 192.0.2.203"), UNKNOWN)).isNull();
        }
    }
}
