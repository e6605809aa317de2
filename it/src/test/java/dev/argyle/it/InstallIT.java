// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Changing;
import dev.argyle.it.agents.Reading;
import dev.argyle.it.agents.SettingAFactory;
import dev.argyle.it.agents.SettingAServerFactory;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.HttpOnce;
import dev.argyle.it.embedding.InstallBetween;
import dev.argyle.it.embedding.InstallFirst;
import dev.argyle.it.embedding.InstallInTwoLoaders;
import dev.argyle.it.embedding.InstallLate;
import dev.argyle.it.embedding.InstallTwice;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's plug-in points, installed by a program that has the library and by the agent. */
class InstallIT {
    private static final Path PROGRAMS = Path.of(System.getProperty("argyle.demo.jar"));
    private static final Path LIBRARY = Path.of(System.getProperty("argyle.provider.jar"));
    private static final Path AGENT = Path.of(System.getProperty("argyle.agent.jar"));
    private static final String OPENS = "--add-opens=java.base/java.net=";
    private static final String UNNAMED = OPENS + "ALL-UNNAMED";
    private static final String PLAIN_SOCKETS = "jdk.net.usePlainSocketImpl";

    private Targets targets;
    private ScriptedServer server;
    private int echo;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        echo = targets.echo();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(targets.directVisitors()).isEmpty();
        server.close();
        targets.close();
    }

    /** With the library, and our server in the system properties. */
    private Jvm library(Class<?> program) {
        return Jvm.of(program)
                .classPath(PROGRAMS, LIBRARY)
                .property("argyle.proxy", "127.0.0.1:" + server.port())
                .property("argyle.bypass", "none");
    }

    private Jvm connects(Jvm jvm) {
        return jvm.arguments(ConnectOnce.class.getName(), "127.0.0.2", echo);
    }

    private void assertRoutedOnce(JvmResult result) throws InterruptedException {
        assertThat(result.out()).as(result.toString()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        List<Exchange> connects = server.awaitConnects(1);
        assertThat(connects).hasSize(1);
        assertThat(connects.get(0).port()).isEqualTo(echo);
    }

    // ---- what it needs

    @Test
    void library_onTheClassPath_routes() throws Exception {
        assertRoutedOnce(connects(library(InstallFirst.class).options(UNNAMED)).run());
    }

    @Test
    void library_onTheModulePath_routes() throws Exception {
        assertRoutedOnce(connects(onTheModulePath().options(OPENS + "dev.argyle.provider"))
                .run());
    }

    private Jvm onTheModulePath() {
        return library(InstallFirst.class)
                .classPath(PROGRAMS)
                .options("--module-path=" + LIBRARY, "--add-modules=dev.argyle.provider");
    }

    @Test
    void library_onTheClassPathWithoutTheFlag_namesTheFlag() throws Exception {
        JvmResult result = connects(library(InstallFirst.class)).run();

        assertThat(result.out())
                .isEqualTo(
                        "java.lang.IllegalStateException: The package java.net is not open to Argyle, which is needed"
                                + " to install it; start Java with --add-opens java.base/java.net=ALL-UNNAMED\n");
    }

    /** The flag for the class path does not open anything to a module. */
    @Test
    void library_onTheModulePathWithTheOtherFlag_namesTheFlag() throws Exception {
        JvmResult result = connects(onTheModulePath().options(UNNAMED)).run();

        assertThat(result.out()).endsWith("start Java with --add-opens java.base/java.net=dev.argyle.provider\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hooks=all", "hooks=factories"})
    void socketsOfBeforeJava13_areRefused(String agent) throws Exception {
        Jvm jvm = agent.isEmpty()
                ? connects(library(InstallFirst.class).options(UNNAMED))
                : Jvm.of(ConnectOnce.class)
                        .agent("127.0.0.1:" + server.port() + ",bypass=none," + agent)
                        .arguments("127.0.0.2", echo);
        JvmResult result = jvm.property(PLAIN_SOCKETS, "").run();

        if (TestJava.feature() > 17) { // which has no other sockets
            assertRoutedOnce(result);
            return;
        }
        assertThat(result.out()).doesNotContain("ok ");
        assertThat(result.out() + result.err())
                .contains("-D" + PLAIN_SOCKETS
                        + " gives this JVM the socket implementation of before Java 13, which cannot"
                        + " be routed; leave this property out")
                .doesNotContain("\tat ");
        assertThat(result.exitCode()).isEqualTo(agent.isEmpty() ? 0 : 1);
    }

    /** What is looked for in NioSocketImpl is not there. */
    @ParameterizedTest
    @ValueSource(strings = {"beginConnect beginConnexx", "endConnect endConnexx", "readLock readLoxx", "isOpen isOpex"})
    void code_thatIsNotAsWeKnowIt_isNotInstalled(String change, @TempDir Path folder) throws Exception {
        Path other = AgentJar.of(Changing.class, folder);
        String changing = "-javaagent:" + other + "=sun/nio/ch/NioSocketImpl " + change;

        JvmResult library =
                connects(library(InstallFirst.class).options(UNNAMED, changing)).run();
        JvmResult agent = Jvm.of(ConnectOnce.class)
                .options(changing)
                .agent("127.0.0.1:" + server.port() + ",bypass=none,hooks=factories")
                .arguments("127.0.0.2", echo)
                .run();

        assertThat(library.out())
                .startsWith(
                        "java.lang.IllegalStateException: This JDK's platform sockets are not as this version of Argyle"
                                + " knows them");
        assertThat(agent.exitCode()).isEqualTo(1);
        assertThat(agent.err())
                .contains("[argyle] This JDK's platform sockets are not as this version of Argyle knows");
        assertThat(agent.out()).isEmpty();
    }

    // ---- what was there before

    @Test
    void configuration_installedAgain_isTheSame() throws Exception {
        JvmResult result = library(InstallTwice.class)
                .options(UNNAMED)
                .arguments("socks5h://a,bypass=.corp", "bypass=.corp,proxy=a:1080", "socks5h://a,bypass=.other")
                .run();

        assertThat(result.lines())
                .hasSize(3)
                .startsWith("installed", "installed")
                .last()
                .asString()
                .startsWith(
                        "java.lang.IllegalStateException: Argyle is installed in this JVM with another configuration,"
                                + " through socks5h://a:1080, and the JDK takes a factory only once; wanted:")
                .contains("bypass=.other");
    }

    @Test
    void factory_ofSomeoneElse_isNamedAndNothingIsLeftBehind() throws Exception {
        JvmResult result = library(InstallLate.class)
                .property("argyle.proxy", "localhost:" + server.port()) // a name, which is looked up in the background
                .options(UNNAMED)
                .run();

        assertThat(result.out())
                .startsWith("java.lang.IllegalStateException: A SocketImplFactory is set already,"
                        + " dev.argyle.it.embedding.InstallLate$$Lambda")
                .endsWith("\n[]\n");
    }

    @Test
    void factory_ofAnAgentBefore_endsTheJvm(@TempDir Path folder) throws Exception {
        endsTheJvm(SettingAFactory.class, folder, "A SocketImplFactory is set already,");
    }

    @Test
    void serverFactory_ofAnAgentBefore_endsTheJvm(@TempDir Path folder) throws Exception {
        endsTheJvm(SettingAServerFactory.class, folder, "A SocketImplFactory of ServerSocket is set already,");
    }

    private void endsTheJvm(Class<?> agentBefore, Path folder, String said) throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .options("-javaagent:" + AgentJar.of(agentBefore, folder))
                .agent("127.0.0.1:" + server.port() + ",bypass=none,hooks=factories")
                .arguments("127.0.0.2", echo)
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("[argyle] " + said + " " + agentBefore.getName() + ",")
                .doesNotContain("\tat ");
    }

    @Test
    void serverSockets_madeBeforeAndAfter_accept() throws Exception {
        Targets.Secure secure = targets.tlsEcho("127.0.0.2");
        JvmResult result = library(InstallBetween.class)
                .options(UNNAMED)
                .arguments("127.0.0.2", secure.trustStore().resolveSibling("keys.p12"), secure.password())
                .run();

        assertThat(result.lines())
                .as(result.toString())
                .containsExactly(
                        "before PLAIN ping",
                        "after PLAIN ping",
                        "before OWN_SOCKET ping",
                        "after OWN_SOCKET ping",
                        "before TLS ping",
                        "after TLS ping");
        assertThat(server.awaitConnects(6)).hasSize(6);
    }

    @Test
    void libraries_inTwoLoaders_shareOneEngine() throws Exception {
        JvmResult result = library(InstallInTwoLoaders.class)
                .options(UNNAMED)
                .arguments(LIBRARY, "socks5h://a,bypass=b", "bypass=b,proxy=a", "socks5h://c")
                .run();

        assertThat(result.lines())
                .hasSize(3)
                .startsWith("installed", "installed")
                .last()
                .asString()
                .startsWith(
                        "java.lang.IllegalStateException: Argyle is installed in this JVM with another configuration,"
                                + " through socks5h://a:1080,");
    }

    // ---- the agent

    @Test
    void agent_withFactories_changesNoClass(@TempDir Path folder) throws Exception {
        String reading = "-javaagent:" + AgentJar.of(Reading.class, folder);
        String argument = "127.0.0.1:" + server.port() + ",bypass=none";
        JvmResult all = Jvm.of(ConnectOnce.class)
                .agent(argument)
                .options(reading)
                .arguments("127.0.0.2", echo)
                .run();
        JvmResult factories = Jvm.of(ConnectOnce.class)
                .agent(argument + ",hooks=factories")
                .options(reading)
                .arguments("127.0.0.2", echo)
                .run();

        assertThat(all.lines())
                .containsExactly(
                        "changed java/net/InetAddress",
                        "changed sun/net/spi/DefaultProxySelector",
                        "changed sun/nio/ch/NioSocketImpl",
                        "read",
                        "ok /127.0.0.2:" + echo);
        assertThat(factories.lines()).containsExactly("read", "ok /127.0.0.2:" + echo);
        assertThat(factories.err()).endsWith(", as far as factories reach\n");
        assertThat(server.awaitConnects(2)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "factories"})
    void library_besideTheAgent_leavesEverythingToIt(String hooks) throws Exception {
        JvmResult same =
                connects(library(InstallFirst.class).agent("hooks=" + hooks)).run();
        assertRoutedOnce(same);
        assertThat(same.err()).hasLineCount(1);

        JvmResult other = connects(library(InstallFirst.class)
                        .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none,hooks=" + hooks)
                        .property("argyle.proxy", "elsewhere.example"))
                .run();
        assertThat(other.out()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        assertThat(other.err())
                .contains(
                        "[argyle] WARN: the agent routes this JVM, through socks5h://127.0.0.1:" + server.port()
                                + "; what the program wants to install is not used: Settings[proxy=socks5h://elsewhere.example:1080");
        assertThat(server.awaitConnects(2)).hasSize(2);
    }

    @Test
    void library_onTheModulePathBesideTheAgent_needsNoFlag() throws Exception {
        assertRoutedOnce(connects(onTheModulePath().agent("")).run());
    }

    @Test
    void library_besideAnAgentOfAnotherVersion_worksAllTheSame(@TempDir Path folder) throws Exception {
        JvmResult result = connects(
                        library(InstallFirst.class).options("-javaagent:" + agentOfVersion("9.9.9", folder)))
                .run();

        assertThat(result.err()).startsWith("[argyle] 9.9.9 on Java ");
        assertRoutedOnce(result);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void library_besideAnAgentThatItCannotTalkTo_saysSo(boolean talksAtAll, @TempDir Path folder) throws Exception {
        JvmResult result = connects(library(InstallFirst.class).options(UNNAMED))
                .classPath(PROGRAMS, LIBRARY, StrangeAgent.compile(talksAtAll, folder))
                .run();

        assertThat(result.out())
                .isEqualTo(
                        talksAtAll
                                ? "java.lang.IllegalStateException: The agent of this JVM is Argyle 99.0, which this library,"
                                        + " 0.1.0, cannot work with; use the same version of both\n"
                                : "java.lang.IllegalStateException: The agent of this JVM is of a version that cannot be"
                                        + " asked; use the agent and the library of the same version\n");
    }

    /** The agent's jar, said to be of another version. */
    private static Path agentOfVersion(String version, Path folder) throws IOException {
        Path other = folder.resolve("argyle-agent.jar");
        try (JarFile jar = new JarFile(AGENT.toFile());
                OutputStream file = Files.newOutputStream(other)) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (ZipEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new ZipEntry(entry.getName()));
                        jar.getInputStream(entry).transferTo(out);
                    }
                }
            }
        }
        return other;
    }

    // ---- the JDK's own client

    /** Else HttpURLConnection would make a socket that the factory does not, and the JDK's client do its work. */
    @ParameterizedTest
    @ValueSource(strings = {"library", "factories"})
    void socksProxyHost_isOurs(String way) throws Exception {
        int http = targets.http();
        Jvm jvm = way.equals("library")
                ? Jvm.of(InstallFirst.class)
                        .classPath(PROGRAMS, LIBRARY)
                        .options(UNNAMED)
                        .arguments(HttpOnce.class.getName())
                : Jvm.of(HttpOnce.class).agent("hooks=factories");
        JvmResult result = jvm.property("argyle.bypass", "none")
                .property("socksProxyHost", "127.0.0.1")
                .property("socksProxyPort", Integer.toString(server.port()))
                .arguments("http://127.0.0.2:" + http + "/")
                .run();

        assertThat(result.out()).as(result.toString()).startsWith("200 ");
        assertThat(server.awaitConnects(1)).hasSize(1).allSatisfy(exchange -> {
            assertThat(exchange.port()).isEqualTo(http);
            assertThat(exchange.methods()).as("the JDK's client offers 0 and 2").containsExactly(0);
        });
    }
}
