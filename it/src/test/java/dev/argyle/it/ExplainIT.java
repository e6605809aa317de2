// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.Hello;
import dev.argyle.it.embedding.ExplainEach;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the command and the API say what a connect then does; {@code CommandsTest} and {@code ExplainerTest} have the rest. */
class ExplainIT extends TwoServers {
    private static final Path AGENT = Path.of(System.getProperty("argyle.agent.jar"));
    private static final Path LIBRARY = Path.of(System.getProperty("argyle.provider.jar"));
    private static final Path PROGRAMS = Path.of(System.getProperty("argyle.demo.jar"));
    private static final Path README = Path.of("../README.md");
    private static final Pattern EXAMPLE = Pattern.compile(
            "\\$ java (.*?)-jar argyle-agent.jar explain (.*)\n((?:[^$`].*\n)*)\\$ echo \\$\\?\n(\\d+)\n");
    private static final Pattern CREDENTIALS =
            Pattern.compile("```\n(# /etc/argyle.credentials, .*?)```", Pattern.DOTALL);
    private static final Map<String, Integer> STATUS =
            Map.of("SERVER", 0, "DIRECT", 10, "REFUSED", 11, "UNKNOWN_NAME", 12);

    @TempDir
    private Path folder;

    /** The options of the JVM first, all of them before {@code -jar}. */
    private static Jvm command(Object... arguments) {
        return Jvm.of(AGENT.toString()).arguments("explain").arguments(arguments);
    }

    private static Jvm jar(Jvm command) {
        return command.options("-jar");
    }

    // ---- the command

    @Test
    void command_takesEachSource_andSplitsItsOutput() throws Exception {
        Path file = Files.writeString(folder.resolve("argyle.properties"), "bypass = here.argyle.test\n");
        JvmResult result = jar(command(NAME + ":80", "socks5h://bob:sesame@192.0.2.1")
                        .variable("ARGYLE_CONFIG", file.toString())
                        .variable("ARGYLE_ON_FAILURE", "direct")
                        .property("argyle.names.local", "none"))
                .run();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("""
                        inside.argyle.test:80 over TCP
                          name:        looked up by the server
                          decision:    through socks5h://192.0.2.1:1080, then direct (on-failure)
                          record:      * (agent argument: proxy)
                          credentials: user name and password, from agent argument: proxy
                        """);
        assertThat(result.err()).isEmpty();
        assertThat(server.exchanges()).isEmpty();
    }

    @Test
    void command_thatIsNotUnderstood_isStatus2_andSaysWhyOnStandardError() throws Exception {
        JvmResult result = jar(command(NAME, "192.0.2.1", "guard=maybe")).run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("[argyle] agent argument: guard: got 'maybe' (expected: enforce, audit, off)\n");
    }

    @Test
    void command_inAJvmWithTheAgent_saysThatItCannot() throws Exception {
        JvmResult result = jar(command(NAME)
                        .variable("JAVA_TOOL_OPTIONS", "-javaagent:" + AGENT + "=192.0.2.1,quiet=true"))
                .run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("[argyle] the agent routes this JVM too, by JAVA_TOOL_OPTIONS");
    }

    @Test
    void agent_loadsNothingOfTheCommands() throws Exception {
        Path log = folder.resolve("loaded");

        JvmResult result = Jvm.of(Hello.class)
                .agent("192.0.2.1")
                .options("-Xlog:class+load:file=" + log + ":none")
                .run();

        assertThat(result.out()).isEqualTo("hello\n");
        assertThat(Files.readAllLines(log).stream().map(line -> line.split(" ")[0]))
                .contains("dev.argyle.transport.Connector")
                .noneMatch(name -> name.startsWith("dev.argyle.agent.cli.")
                        || name.equals("dev.argyle.agent.Main")
                        || name.startsWith("dev.argyle.transport.Expla"));
    }

    static List<MatchResult> examples() throws Exception {
        return EXAMPLE.matcher(Files.readString(README)).results().toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readme_examples_areWhatIsPrinted(MatchResult example) throws Exception {
        Matcher written = CREDENTIALS.matcher(Files.readString(README));
        assertThat(written.find()).isTrue();
        Path credentials = Files.writeString(folder.resolve("credentials"), written.group(1));
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        String[] arguments = example.group(2)
                .replace("/etc/argyle.credentials", credentials.toString())
                .split(" ");
        Jvm command = command((Object[]) arguments);
        if (!example.group(1).isEmpty()) {
            command.options(example.group(1).trim().split(" "));
        }

        JvmResult result = jar(command).run();

        assertThat(result.out().replace(credentials.toString(), "/etc/argyle.credentials"))
                .as(result.toString())
                .isEqualTo(example.group(3));
        assertThat(result.exitCode()).isEqualTo(Integer.parseInt(example.group(4)));
    }

    @Test
    void readme_hasExamples() throws Exception {
        assertThat(examples()).hasSize(2);
    }

    // ---- what it says is what a connect does

    /** A destination, and what it must come to: an outcome, and the server. */
    private record Case(String host, int port, String expected) {}

    private void assertTrue(String configuration, Path hosts, Case... cases) throws Exception {
        List<String> destinations = new ArrayList<>();
        for (Case each : cases) {
            destinations.addAll(List.of(each.host, Integer.toString(each.port)));
        }
        String file = "jdk.net.hosts.file";
        JvmResult program = Jvm.of(ExplainEach.class)
                .classPath(PROGRAMS, LIBRARY)
                .agent(configuration)
                .property(file, hosts.toString())
                .arguments("installed", "connect")
                .arguments(destinations.toArray())
                .run();
        List<String> lines = program.lines();
        assertThat(lines).as(program.toString()).hasSameSizeAs(cases);
        for (int i = 0; i < cases.length; i++) {
            Case each = cases[i];
            String outcome = each.expected.split(" ")[0];
            // one after the other: many at once take the time from each other that names.reverse gives them
            JvmResult command = jar(command(each.host + ":" + each.port, configuration)
                            .property(file, hosts.toString()))
                    .run();
            assertThat(lines.get(i)).as(each.toString()).startsWith(expected(each.expected) + " ");
            assertThat(happened(each, lines.get(i)))
                    .as(each + "\n" + lines.get(i))
                    .isEqualTo(each.expected);
            assertThat(command.exitCode()).as(each + "\n" + command).isEqualTo(STATUS.get(outcome));
            String record = lines.get(i).replaceFirst("^\\S+ \\d+ (.*) \\S+$", "$1");
            assertThat(command.out()).as(each.toString()).contains("  record:      " + record + "\n");
        }
    }

    private String expected(String outcome) {
        return outcome.replace("SERVER A", "SERVER " + server.port())
                .replace("SERVER B", "SERVER " + other.port())
                .replaceFirst("^([A-Z_]+)$", "$1 0");
    }

    /** What the program's connect came to, as the servers and the exception tell. */
    private String happened(Case asked, String line) {
        String host = asked.host.toLowerCase(Locale.ROOT);
        if (isSeen(server.exchanges(), host, asked.port)) {
            return "SERVER A";
        }
        if (isSeen(other.exchanges(), host, asked.port)) {
            return "SERVER B";
        }
        return switch (line.substring(line.lastIndexOf(' ') + 1)) {
            case "ok", "java.net.ConnectException" -> "DIRECT";
            case "java.net.SocketException" -> "REFUSED";
            case "java.net.UnknownHostException" -> "UNKNOWN_NAME";
            default -> line;
        };
    }

    private static boolean isSeen(List<Exchange> exchanges, String host, int port) {
        return exchanges.stream()
                .anyMatch(each -> each.host().toLowerCase(Locale.ROOT).equals(host) && each.port() == port);
    }

    @Test
    void explanation_withAServerAndRoutes_isWhatAConnectDoes() throws Exception {
        Path hosts = Files.writeString(
                folder.resolve("hosts"), "127.0.0.2 alias.argyle.test direct.argyle.test\n127.0.0.1 localhost\n");
        Path routes = Files.write(
                folder.resolve("routes"),
                List.of(
                        ".b.argyle.test 127.0.0.1:" + other.port(),
                        "refused.argyle.test REFUSE",
                        "direct.argyle.test NONE",
                        "nowhere.argyle.test NONE",
                        "ported.argyle.test:" + echo + " NONE",
                        "127.0.0.2:" + echo + " 127.0.0.1:" + other.port()));
        other.name("x.b.argyle.test", targets.address(echo));

        assertTrue(
                "proxy=" + at(server) + ",quiet=true,routes=" + routes,
                hosts,
                new Case(NAME, echo, "SERVER A"),
                new Case("x.b.argyle.test", echo, "SERVER B"),
                new Case("Y.B.Argyle.Test", echo, "SERVER B"),
                new Case("refused.argyle.test", echo, "REFUSED"),
                new Case("direct.argyle.test", echo, "DIRECT"),
                new Case("nowhere.argyle.test", echo, "UNKNOWN_NAME"),
                new Case("ported.argyle.test", echo, "UNKNOWN_NAME"),
                new Case("ported.argyle.test", 1, "SERVER A"),
                new Case("127.0.0.2", echo, "SERVER B"),
                new Case("localhost", echo, "DIRECT"),
                new Case("198.18.77.1", echo, "REFUSED"));
        assertThat(targets.directVisitors()).as("direct.argyle.test").hasSize(1);
    }

    @Test
    void explanation_withoutAServerForTheRest_isWhatAConnectDoes() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "192.0.2.77 far.argyle.test\n");
        Path routes = Files.writeString(folder.resolve("routes"), ".b.argyle.test 127.0.0.1:" + other.port() + "\n");
        other.name("x.b.argyle.test", targets.address(echo));

        assertTrue(
                "routes=" + routes + ",guard=enforce,quiet=true",
                hosts,
                new Case("x.b.argyle.test", echo, "SERVER B"),
                new Case("127.0.0.2", echo, "DIRECT"),
                new Case("192.0.2.77", 1, "REFUSED"),
                new Case("far.argyle.test", 1, "REFUSED"),
                new Case(NAME, echo, "UNKNOWN_NAME"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off", "refuse"})
    void explanation_ofADatagram_isWhatASendDoes(String udp) throws Exception {
        int datagrams = targets.datagramEcho();
        server.name(NAME, targets.address(datagrams));
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.2 " + NAME + "\n");
        Path routes = Files.write(
                folder.resolve("routes"),
                List.of("127.0.0.3 REFUSE udp", "direct.argyle.test NONE", "127.0.0.2 127.0.0.1:" + other.port()));
        for (boolean hooked : new boolean[] {true, false}) {
            JvmResult program = library(
                            "installed", "datagram", NAME, datagrams, "127.0.0.2", datagrams, "127.0.0.3", datagrams)
                    .property("jdk.net.hosts.file", hosts.toString())
                    .agent("proxy=" + at(server) + ",quiet=true,names.local=none,udp=" + udp + ",routes=" + routes
                            + (hooked ? "" : ",hooks=factories"))
                    .run();

            // the factories have the address that the program has looked up
            ScriptedServer byName = hooked ? server : other;
            String refused = " java.net.SocketException";
            assertThat(program.lines())
                    .as(program.toString())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith(decision(udp, byName))
                                    .endsWith(outcome(udp)),
                            line -> assertThat(line)
                                    .startsWith(decision(udp, other))
                                    .endsWith(outcome(udp)),
                            line -> assertThat(line)
                                    .startsWith("REFUSED 0 127.0.0.3 ")
                                    .endsWith(refused));
        }
        assertThat(server.associations()).hasSize(udp.equals("on") ? 1 : 0);
        assertThat(other.associations()).hasSize(udp.equals("on") ? 3 : 0);
        assertThat(targets.directVisitors()).hasSize(udp.equals("off") ? 4 : 0);
    }

    private static String decision(String udp, ScriptedServer through) {
        return switch (udp) {
            case "on" -> "SERVER " + through.port() + " ";
            case "off" -> "DIRECT 0 ";
            default -> "REFUSED 0 ";
        };
    }

    private static String outcome(String udp) {
        return udp.equals("refuse") ? " java.net.SocketException" : " ok";
    }

    // ---- the API

    private static Jvm library(Object... arguments) {
        return Jvm.of(ExplainEach.class).classPath(PROGRAMS, LIBRARY).arguments(arguments);
    }

    @Test
    void configuration_isAsked_whereNothingIsInstalled() throws Exception {
        JvmResult result = library(
                        "192.0.2.1:1081,bypass=192.0.2.7:80", "ask", NAME, 5432, "192.0.2.7", 80, "db.test", 0)
                .run();

        assertThat(result.lines())
                .containsExactly(
                        "SERVER 1081 * (configuration: proxy)",
                        "DIRECT 0 192.0.2.7:80 (configuration: bypass)",
                        "SERVER 1081 * (configuration: proxy)");
        assertThat(library("installed", "ask", NAME, 1).run().out())
                .isEqualTo("java.lang.IllegalStateException: Neither the agent nor Argyle.install routes this JVM;"
                        + " Configuration.explain tells what a configuration would do\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"install", "installed"})
    void engine_isAsked_whereOneIsInstalled(String how) throws Exception {
        Jvm jvm = library(how, "connect", ADDRESS, echo, "127.0.0.3", echo).property("argyle.bypass", "none,127.0.0.3");
        if (how.equals("install")) {
            jvm.options("--add-opens=java.base/java.net=ALL-UNNAMED").property("argyle.proxy", at(server));
        } else {
            jvm.agent("proxy=" + at(server) + ",hooks=factories,quiet=true");
        }
        JvmResult result = jvm.run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly(
                        "SERVER " + server.port()
                                + (how.equals("install") ? " * (-Dargyle.proxy) ok" : " * (agent argument: proxy) ok"),
                        "DIRECT 0 127.0.0.3 (-Dargyle.bypass) java.net.ConnectException");
        assertThat(server.awaitConnects(1)).hasSize(1);
    }
}
