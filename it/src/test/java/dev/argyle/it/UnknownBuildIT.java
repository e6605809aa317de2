// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.Pretending;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.Hello;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build of the JDK that has not been seen is checked at the start, and one that has been is not. */
class UnknownBuildIT {
    /** Whatever the JDK under test is, it becomes one that the agent knows. */
    private static final String KNOWN =
            "java.vendor=Debian;java.runtime.version=17.0.21+9-1-deb12u1-Debian;os.name=Linux;os.arch=amd64";

    private static final String UNKNOWN = "java.runtime.version=99-ea+1";

    private static final List<String> OF_THE_CHECK =
            List.of("dev.argyle.agent.hook.Rewriting", "dev.argyle.shaded.bytebuddy.jar.asm.ClassReader");

    @TempDir
    Path folder;

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(targets.directVisitors()).isEmpty();
        server.close();
        targets.close();
    }

    private Jvm pretending(String build, Class<?> program) throws IOException {
        return Jvm.of(program)
                .options("-javaagent:" + AgentJar.of(Pretending.class, folder) + "=" + build)
                .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none,log=info");
    }

    /** Writes a class of the JDK under test with another word in place of one, and returns what patches it in. */
    private String[] patch(String className, String old, String other) throws IOException {
        String home = System.getProperty("argyle.test.java", System.getProperty("java.home"));
        Path patches = folder.resolve("patches");
        Path patched = patches.resolve(className + ".class");
        Files.createDirectories(patched.getParent());
        try (FileSystem jdk = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home))) {
            byte[] bytes = Files.readAllBytes(jdk.getPath("modules", "java.base", className + ".class"));
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(text).contains(old);
            assertThat(other).hasSameSizeAs(old);
            Files.write(patched, text.replace(old, other).getBytes(StandardCharsets.ISO_8859_1));
        }
        return new String[] {"--patch-module", "java.base=" + patches};
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sun/nio/ch/NioSocketImpl endConnect endConnexx",
                "java/net/InetAddress getHostFromNameService getHostFromNameServixx",
                "java/net/InetAddress isReachable isReachablx",
                "sun/nio/ch/SocketChannelImpl pollConnectNow pollConnectNoo",
                "sun/nio/ch/DatagramChannelImpl innerJoin innerJoix",
                "sun/nio/ch/DatagramChannelImpl disconnect0 disconnexx0",
                "sun/nio/ch/DatagramChannelImpl implCloseSelectableChannel implCloseSelectableChannex"
            })
    void code_thatIsNotAsWeKnowIt_endsTheJvmAtTheStart(String change) throws Exception {
        String[] words = change.split(" ");

        assertThat(refusal(words))
                .startsWith("[argyle] Cannot hook " + words[0].replace('/', '.') + " of Java 99-ea+1, and without it"
                        + " connections would go direct: it has ")
                .contains(words[1], ", expected ");
    }

    /** The one line that is said where a class has another word in place of one. */
    private String refusal(String... change) throws Exception {
        JvmResult result = pretending(UNKNOWN, Hello.class)
                .options(patch(change[0], change[1], change[2]))
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        return result.err();
    }

    /** Not hooked, but used by what is put beside them, at a deadline or when a server fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java/nio/channels/spi/AbstractSelectableChannel forEach forEacx",
                "sun/nio/ch/DatagramChannelImpl family familx",
                "sun/nio/ch/SocketChannelImpl writeLock writeLocx",
                "java/net/InetAddressImpl getLocalHostName getLocalHostNamx",
                "sun/nio/ch/Port startPoll startPolx",
                "sun/nio/ch/IOUtil fdVal fdVax"
            })
    void internals_thatAreNotThere_endTheJvmAtTheStart(String change) throws Exception {
        String[] words = change.split(" ");

        assertThat(refusal(words))
                .startsWith(
                        "[argyle] Cannot hook sun.nio.ch of Java 99-ea+1, and without it connections would go direct: "
                                + words[0].replace('/', '.') + " has no " + words[1]);
    }

    /** It is checked when the class loads, which it never does here. */
    @Test
    void code_ofAKnownBuild_isNotCheckedAtTheStart() throws Exception {
        JvmResult result = pretending(KNOWN, Hello.class)
                .options(patch("sun/nio/ch/NioSocketImpl", "endConnect", "endConnexx"))
                .run();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("hello\n");
    }

    @Test
    void code_thatIsAsWeKnowIt_isHooked() throws Exception {
        int echo = targets.echo();

        JvmResult result = pretending(UNKNOWN, ConnectOnce.class)
                .arguments(targets.address().getHostAddress(), echo)
                .run();

        assertThat(result.out()).isEqualTo("ok /127.0.0.2:" + echo + "\n");
        assertThat(server.awaitConnects(1)).hasSize(1);
        assertThat(result.err())
                .contains("[argyle] INFO: this build of Java has not been seen before, its code has been checked: ")
                .contains(" 99-ea+1 ");
    }

    /** Nothing of the check, for a known build; and for an unknown one nothing of what it checks. */
    @ParameterizedTest
    @ValueSource(strings = {KNOWN, UNKNOWN})
    void start_loadsWhatTheBuildNeeds(String build) throws Exception {
        Path log = folder.resolve("loaded");

        JvmResult result = pretending(build, Hello.class)
                .options("-Xlog:class+load:file=" + log + ":none")
                .run();

        assertThat(result.out()).isEqualTo("hello\n");
        List<String> loaded =
                Files.readAllLines(log).stream().map(line -> line.split(" ")[0]).toList();
        assertThat(loaded)
                .contains("java.lang.Object", "dev.argyle.agent.hook.HookTransformer")
                .doesNotContain(
                        "java.net.InetAddress",
                        "sun.nio.ch.NioSocketImpl",
                        "sun.nio.ch.Net",
                        "sun.nio.ch.SocketChannelImpl",
                        "sun.nio.ch.SelectionKeyImpl",
                        "sun.nio.ch.DatagramChannelImpl",
                        "java.nio.channels.SocketChannel",
                        "java.nio.channels.DatagramChannel",
                        "java.nio.channels.AsynchronousSocketChannel",
                        "sun.nio.ch.sctp.SctpChannelImpl",
                        "sun.net.spi.DefaultProxySelector");
        if (build.equals(KNOWN)) {
            assertThat(loaded).doesNotContainAnyElementsOf(OF_THE_CHECK);
            assertThat(result.err()).doesNotContain("has not been seen");
        } else {
            assertThat(loaded).containsAll(OF_THE_CHECK);
        }
    }
}
