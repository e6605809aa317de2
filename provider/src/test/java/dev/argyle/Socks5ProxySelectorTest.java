// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.argyle.config.GuardMode;
import dev.argyle.config.HookMode;
import dev.argyle.config.LocalNames;
import dev.argyle.config.NativeTransportMode;
import dev.argyle.config.OnFailure;
import dev.argyle.config.Routing;
import dev.argyle.config.Settings;
import dev.argyle.config.UdpMode;
import dev.argyle.config.UdpRelay;
import dev.argyle.name.StandInBlock;
import dev.argyle.net.OwnMachine;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.BindRules;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.TargetPattern;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Socks5ProxySelectorTest {
    private static final URI TARGET = URI.create("socket://db.test:5432");
    private static final URI WEB = URI.create("http://web.test/");
    private static final SocketException CLOSED = new SocketException("Socket closed");

    private static final Proxy A = proxy(Proxy.Type.SOCKS, "a.invalid", 1080);
    private static final Proxy B = proxy(Proxy.Type.SOCKS, "192.0.2.2", 1081);
    private static final Proxy C = proxy(Proxy.Type.SOCKS, "2001:db8::3", 1080);
    private static final Proxy HTTP = proxy(Proxy.Type.HTTP, "web-proxy.test", 8080);
    private static final Proxy SOCKS = proxy(Proxy.Type.SOCKS, "other.test", 1080);

    private final Previous previous = new Previous();

    /** Answers all with one list, and remembers what it is told. */
    private static final class Previous extends ProxySelector {
        private List<Proxy> answer = List.of(HTTP);
        private final List<SocketAddress> failed = new ArrayList<>();

        @Override
        public List<Proxy> select(URI uri) {
            return answer;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            failed.add(address);
        }
    }

    private static Proxy proxy(Proxy.Type type, String host, int port) {
        return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
    }

    private Socks5ProxySelector selector(String argument) {
        return new Socks5ProxySelector(Configuration.of(argument), previous);
    }

    private Socks5ProxySelector three() {
        return selector("a.invalid,192.0.2.2:1081,[2001:db8::3]");
    }

    private Socks5ProxySelector withEngine(String argument) {
        Configuration configuration = Configuration.of(argument);
        return new Socks5ProxySelector(configuration.settings(), configuration.idleConnector(), previous, () -> true);
    }

    private static URI socket(String authority) {
        return URI.create("socket://" + authority);
    }

    // ---- select

    @Test
    void select_routed_isTheServersInOrderAndUnresolved() {
        List<Proxy> answer = three().select(TARGET);

        assertThat(answer).containsExactly(A, B, C);
        assertThat(answer).allMatch(proxy -> ((InetSocketAddress) proxy.address()).isUnresolved());
    }

    @Test
    void select_schemeInCapitals_isTheSame() {
        assertThat(three().select(URI.create("SOCKET://db.test:5432"))).containsExactly(A, B, C);
    }

    /** As Java 17 and 25 write them for the same sockets. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:80",
                "127.0.0.1:80",
                "[::1]:80",
                "[0:0:0:0:0:0:0:1]:80",
                "%5b0:0:0:0:0:0:0:1%5d:80",
                "::1:80",
                "[fe80::1%25eth0]:80",
                "fe80::1%25eth0:80",
                "224.0.0.1:80",
                "db.corp.test:80",
                "under_score.corp.test:80",
                "b%c3%bccher.test:80",
                "xn--bcher-kva.test:80",
                "10.1.2.3:80",
                "odd.test:81"
            })
    void select_directRoute_isNoProxy(String authority) {
        Socks5ProxySelector selector =
                selector("socks5h://a.invalid,bypass=.corp.test,b\u00fccher.test,10.0.0.0/8,odd.test:81");

        assertThat(selector.select(socket(authority))).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"corp.test.evil.test:80", "under_score.test:80", "11.1.2.3:80", "[2001:db8::1]:80", "odd.test:80"
            })
    void select_besideADirectRoute_isRouted(String authority) {
        Socks5ProxySelector selector = selector("a.invalid,bypass=.corp.test,10.0.0.0/8,odd.test:81");

        assertThat(selector.select(socket(authority))).containsExactly(A);
    }

    @Test
    void select_bypassNone_routesThisMachineToo() {
        assertThat(selector("a.invalid,bypass=none").select(socket("localhost:80")))
                .containsExactly(A);
    }

    /** The one name that is looked up everywhere, without any DNS. */
    @Test
    void select_recordOfAddresses_matchesANameThatIsLookedUpHere() {
        String rest = "://a.invalid,bypass=none,127.0.0.0/8";

        assertThat(selector("socks5" + rest).select(socket("localhost:80"))).containsExactly(Proxy.NO_PROXY);
        assertThat(selector("socks5h" + rest).select(socket("localhost:80"))).containsExactly(A);
    }

    @Test
    void select_nameThatCannotBeLookedUp_isRoutedByName() {
        assertThat(selector("socks5://a.invalid,bypass=10.0.0.0/8").select(socket("no.such.invalid:80")))
                .containsExactly(A);
    }

    @Test
    void select_refused_saysSo() {
        Settings settings = settings(new Route.Refuse(new RouteRecord("evil.test", "test")));
        Socks5ProxySelector selector =
                new Socks5ProxySelector(settings, Configuration.of("a.invalid").idleConnector(), previous, () -> false);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.select(socket("evil.test:80")))
                .withMessageContainingAll("Refused by the routes: evil.test:80: ", "evil.test (test)");
    }

    private static Settings settings(Route.Refuse refuse) {
        List<Server> servers = List.of(new Server("a.invalid", 1080, true, null));
        RouteTable.Rule rule = new RouteTable.Rule(TargetPattern.name("evil.test", TargetPattern.ANY_PORT), refuse);
        Route otherwise = new Route.Via(new RouteRecord("*", "test"), servers);
        return new Settings(
                new Routing(new RouteTable(List.of(rule), otherwise, true, new OwnMachine()), false, "", "", Map.of()),
                new LocalNames(true, List.of()),
                StandInBlock.defaults(),
                true,
                GuardMode.ENFORCE,
                GuardMode.OFF,
                UdpMode.ON,
                UdpRelay.SERVER,
                BindRules.NONE,
                1,
                1,
                OnFailure.REFUSE,
                null,
                HookMode.ALL,
                NativeTransportMode.DISABLE,
                LogLevel.WARN,
                false,
                Map.of(),
                List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket:db.test:80",
                "socket:///db.test:80",
                "socket://db.test",
                "socket://:80",
                "socket://[::1]",
                "socket://db.test:",
                "socket://db.test:65536",
                "socket://localhost/x:80"
            })
    void select_withoutHostOrPort_isRefused(String uri) {
        Socks5ProxySelector selector = three();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.select(URI.create(uri)))
                .withMessageContainingAll(uri, "socket://host:port");
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void select_null_isRefused() {
        Socks5ProxySelector selector = three();

        assertThatIllegalArgumentException().isThrownBy(() -> selector.select(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://db.test/", "https://db.test/", "ftp://db.test/", "db.test"})
    void select_otherScheme_isThePreviousSelectors(String uri) {
        previous.answer = List.of(HTTP, SOCKS);

        assertThat(three().select(URI.create(uri))).containsExactly(HTTP, SOCKS);
    }

    @Test
    void select_otherSchemeWithoutPreviousSelector_isDirect() {
        Socks5ProxySelector selector = new Socks5ProxySelector(Configuration.of("a.invalid"), null);

        assertThat(selector.select(WEB)).containsExactly(Proxy.NO_PROXY);
        selector.connectFailed(WEB, A.address(), CLOSED);
        assertThat(selector.select(TARGET)).containsExactly(A);
    }

    @Test
    void constructor_withoutPreviousSelector_takesTheDefault() {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(previous);
        try {
            assertThat(new Socks5ProxySelector(Configuration.of("a.invalid")).select(WEB))
                    .containsExactly(HTTP);
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    // ---- connectFailed

    private static void fail(Socks5ProxySelector selector, Proxy proxy, IOException failure) {
        selector.connectFailed(TARGET, proxy.address(), failure);
    }

    /** As the JDK's client does: it tells of each server of an answer, though it has tried only the first. */
    @ParameterizedTest
    @MethodSource("untried")
    void connectFailed_laterServersUntried_putsTheFirstLast(IOException untried) {
        Socks5ProxySelector selector = three();

        List<Proxy> answer = selector.select(TARGET);
        fail(selector, answer.get(0), new ConnectException("Connection refused"));
        fail(selector, answer.get(1), untried);
        fail(selector, answer.get(2), untried);
        assertThat(selector.select(TARGET)).containsExactly(B, C, A);

        answer = selector.select(TARGET);
        fail(selector, answer.get(0), new SocketException("Network is unreachable"));
        fail(selector, answer.get(1), untried);
        fail(selector, answer.get(2), untried);
        assertThat(selector.select(TARGET)).containsExactly(C, A, B);
    }

    static Stream<IOException> untried() {
        return Stream.of(CLOSED, new SocketTimeoutException());
    }

    @ParameterizedTest
    @MethodSource("tried")
    void connectFailed_laterServerTried_isRemembered(IOException failure) {
        Socks5ProxySelector selector = three();

        fail(selector, selector.select(TARGET).get(1), failure);

        assertThat(selector.select(TARGET)).containsExactly(A, C, B);
    }

    static Stream<IOException> tried() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new NoRouteToHostException("No route to host"),
                new UnknownHostException("a.invalid"));
    }

    @Test
    void connectFailed_all_isTheOrderOfTheList() {
        Socks5ProxySelector selector = three();

        for (Proxy proxy : List.of(B, A, C)) {
            fail(selector, proxy, new SocketTimeoutException("Connect timed out"));
        }

        assertThat(selector.select(TARGET)).containsExactly(A, B, C);
    }

    @Test
    void connectFailed_addressThatSomebodyHasMade_isKnown() {
        Socks5ProxySelector selector = three();

        selector.connectFailed(
                TARGET, new InetSocketAddress("192.0.2.2", 1081), new SocketTimeoutException("Connect timed out"));
        selector.connectFailed(TARGET, InetSocketAddress.createUnresolved("A.invalid", 1080), CLOSED);

        assertThat(selector.select(TARGET)).containsExactly(C, A, B);
    }

    @Test
    void connectFailed_sameConfiguration_isSharedMemory() {
        Configuration configuration = Configuration.of("a.invalid,192.0.2.2:1081");
        Socks5ProxySelector selector = new Socks5ProxySelector(configuration, previous);

        fail(new Socks5ProxySelector(configuration, previous), A, new ConnectException("Connection refused"));

        assertThat(selector.select(TARGET)).containsExactly(B, A);
    }

    @Test
    void connectFailed_other_isThePreviousSelectors() {
        Socks5ProxySelector selector = three();

        selector.connectFailed(WEB, A.address(), CLOSED);
        selector.connectFailed(TARGET, SOCKS.address(), CLOSED);
        selector.connectFailed(TARGET, A.address(), CLOSED);

        assertThat(previous.failed).containsExactly(A.address(), SOCKS.address());
        assertThat(selector.select(TARGET)).containsExactly(B, C, A);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void connectFailed_null_isRefused() {
        Socks5ProxySelector selector = three();

        assertThatIllegalArgumentException().isThrownBy(() -> selector.connectFailed(null, A.address(), CLOSED));
        assertThatIllegalArgumentException().isThrownBy(() -> selector.connectFailed(TARGET, null, CLOSED));
        assertThatIllegalArgumentException().isThrownBy(() -> selector.connectFailed(TARGET, A.address(), null));
    }

    // ---- what the JDK's client cannot do

    @Test
    void constructor_credentials_areRefusedWithTheWaysOut(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("credentials"), "b.test alice hunter2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        for (String argument : List.of("a.invalid,alice:hunter2@b.test", "a.invalid,b.test,credentials=" + file)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> selector(argument))
                    .withMessageContainingAll(
                            "socks5h://b.test:1080",
                            "user name",
                            "java.net.Authenticator",
                            "Socks5SocketFactory",
                            "Argyle.install",
                            "the agent")
                    .matches(e -> !String.valueOf(e.getMessage()).contains("hunter2"));
        }
    }

    @ParameterizedTest
    @CsvSource({"on-failure,direct", "connect.timeout,30s", "handshake.timeout,5s"})
    void constructor_keyThatCannotHold_isRefusedWithTheWaysOut(String key, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector("a.invalid," + key + "=" + value))
                .withMessageContainingAll(
                        key + "=" + value + " (configuration)", "leave it out", "Socks5SocketFactory");
    }

    @Test
    void constructor_onFailureRefuse_isWhatTheJdkDoes() {
        assertThat(selector("a.invalid,on-failure=refuse").select(TARGET)).containsExactly(A);
    }

    // ---- an engine below

    @Test
    void engine_takesSockets() {
        Socks5ProxySelector selector = withEngine("a.invalid");

        assertThat(selector.select(TARGET)).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @MethodSource("previousAnswers")
    void engine_takesSocksOutOfThePreviousSelectorsAnswers(List<Proxy> before, List<Proxy> after) {
        previous.answer = before;

        assertThat(withEngine("a.invalid").select(WEB)).isEqualTo(after);
    }

    static Stream<Arguments> previousAnswers() {
        return Stream.of(
                arguments(List.of(SOCKS), List.of(Proxy.NO_PROXY)),
                arguments(List.of(SOCKS, HTTP), List.of(HTTP)),
                arguments(List.of(HTTP), List.of(HTTP)));
    }

    /** It does the work, by its own configuration. */
    @Test
    void engine_hasNoNeedOfWhatTheJdkCannotDo() {
        assertThat(withEngine("alice:hunter2@a.invalid,connect.timeout=1s,on-failure=direct")
                        .select(TARGET))
                .containsExactly(Proxy.NO_PROXY);
    }

    /** Installed later, then there for good. */
    private static final class Engine {
        private @Nullable RuntimeException failure;
        private boolean installed;

        boolean isInstalled() {
            if (failure != null) {
                throw failure;
            }
            return installed;
        }
    }

    @Test
    void engine_installedLater_isFound() {
        Engine engine = new Engine();
        Configuration configuration = Configuration.of("a.invalid");
        Socks5ProxySelector selector = new Socks5ProxySelector(
                configuration.settings(), configuration.idleConnector(), previous, engine::isInstalled);
        assertThat(selector.select(TARGET)).containsExactly(A);

        engine.installed = true;

        assertThat(selector.select(TARGET)).containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void engine_thatCannotBeAsked_isRefusedWithItsWords() {
        Engine engine = new Engine();
        Configuration configuration = Configuration.of("a.invalid");
        Socks5ProxySelector selector = new Socks5ProxySelector(
                configuration.settings(), configuration.idleConnector(), previous, engine::isInstalled);

        engine.failure = new IllegalStateException("The agent of this JVM is Argyle 0");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.select(TARGET))
                .withMessage("The agent of this JVM is Argyle 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> new Socks5ProxySelector(
                        configuration.settings(), configuration.idleConnector(), previous, engine::isInstalled))
                .withMessage("The agent of this JVM is Argyle 0");
    }
}
