// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.config.GuardMode;
import dev.argyle.config.HookMode;
import dev.argyle.config.LocalNames;
import dev.argyle.config.NativeTransportMode;
import dev.argyle.config.OnFailure;
import dev.argyle.config.Routing;
import dev.argyle.config.Settings;
import dev.argyle.config.SettingsLoader;
import dev.argyle.config.UdpMode;
import dev.argyle.config.UdpRelay;
import dev.argyle.name.StandInBlock;
import dev.argyle.name.StandIns;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.BindRules;
import dev.argyle.route.OwnHost;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A connector whose look-ups and servers are scripted, by what it is configured with. */
@Timeout(60)
abstract class ConnectorFixture {
    static final String PROXY = "proxy=socks5h://192.0.2.1:1080";
    static final InetSocketAddress SERVER = Connects.address(1, 1080);
    static final InetSocketAddress SECOND_SERVER = Connects.address(2, 1080);

    static final OwnHost OWN_HOST = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnBroadcast(byte[] address) {
            return Arrays.equals(address, new byte[] {10, 9, 8, (byte) 255});
        }

        @Override
        public boolean isOwnName(String name) {
            return false;
        }
    };

    final StandIns standIns = StandIns.ofThisJvm(StandInBlock.defaults(), 7);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    final Log log = new Log(LogLevel.WARN, new PrintStream(written, true, UTF_8));
    final ScriptedNames names = new ScriptedNames();
    final ScriptedCarrier carrier = new ScriptedCarrier();

    @AfterEach
    void letLookUpsEnd() {
        names.hanging.countDown();
    }

    Connector connector(String argument) throws Exception {
        return connector(SettingsLoader.load(argument, Map.of(), new Properties(), OWN_HOST));
    }

    Connector connector(Settings settings) {
        Connector connector = new Connector(settings, standIns, names, log);
        connector.start();
        return connector;
    }

    static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    /** What the first server is asked for: the request in hexadecimal, without VER, CMD and RSV. */
    String request(Connector connector, InetAddress target) throws IOException {
        carrier.at(SERVER, ScriptedPeer.honest());
        Connect connect = connector.connect(carrier, new InetSocketAddress(target, 80), 0, null);
        assertThat(connect).isNotNull();
        Connects.drive(connect);
        String sent = carrier.sent(SERVER);
        assertThat(sent).startsWith("050100050100");
        return sent.substring("050100050100".length());
    }

    static String named(String name) {
        return "03" + HexFormat.of().toHexDigits((byte) name.length())
                + HexFormat.of().formatHex(name.getBytes(UTF_8)) + "0050";
    }

    static Settings withRoutes(List<RouteTable.Rule> rules, Route otherwise) {
        return withRoutes(rules, otherwise, GuardMode.OFF);
    }

    static Settings withRoutes(List<RouteTable.Rule> rules, Route otherwise, GuardMode uncovered) {
        return new Settings(
                new Routing(new RouteTable(rules, otherwise, true, OWN_HOST), false, "", "", Map.of()),
                new LocalNames(true, List.of()),
                StandInBlock.defaults(),
                true,
                GuardMode.ENFORCE,
                uncovered,
                UdpMode.ON,
                UdpRelay.SERVER,
                BindRules.NONE,
                1000,
                1000,
                OnFailure.REFUSE,
                null,
                HookMode.ALL,
                NativeTransportMode.DISABLE,
                LogLevel.WARN,
                true,
                Map.of(),
                List.of());
    }
}
