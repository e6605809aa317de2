// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.real.Networks;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo as a newcomer would, from the top of the tree, on a machine that has no network but loopback. */
class DemoIT {
    private static final Path DEMO_JAR = Path.of(System.getProperty("argyle.demo.jar"));
    private static final Path TOP = DEMO_JAR.resolve("../../..").normalize();
    private static final int LONGEST_SECONDS = 60;
    private static final int COLUMNS = 100;

    private record Run(int status, String out, String err) {}

    @TempDir
    private Path directory;

    private Run demo(Path jar, String... arguments) throws Exception {
        String home = System.getProperty("argyle.test.java", System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of(home + "/bin/java", "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(Networks.loopbackOnly(command))
                .directory(TOP.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .as("ends within %d s", LONGEST_SECONDS)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void demo_freshBuild_showsThatEachConnectionWentThroughTheServer() throws Exception {
        Run run = demo(DEMO_JAR);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("(?m)^  HTTP +http://web.inside.example/ +CONNECT  name  web.inside.example:80"
                        + " +[0-9]{2,4} +[0-9]{2,4}  ok$")
                .containsPattern("(?m)^  HttpClient +http://api.inside.example/ +CONNECT  name  api.inside.example:80"
                        + " +[0-9]{2,4} +[0-9]{2,4}  ok$")
                .containsPattern("(?m)^  TLS +tls.inside.example:443 +CONNECT  name  tls.inside.example:443"
                        + " +[0-9]{3,5} +[0-9]{3,5}  ok$")
                .containsPattern(
                        "(?m)^  TCP +db.inside.example:5432 +CONNECT  name  db.inside.example:5432" + " +25 +25  ok$")
                .containsPattern(
                        "(?m)^  Netty +mq.inside.example:5672 +CONNECT  name  mq.inside.example:5672" + " +25 +25  ok$")
                .containsPattern(
                        "(?m)^  DNS +ns.inside.example:53 +UDP  name  ns.inside.example:53 +[0-9]{2} +[0-9]{2}  ok$")
                .containsPattern("(?m)^  TCP +203.0.113.7:7000 +CONNECT  IPv4  203.0.113.7:7000 +19 +19  ok$")
                .containsPattern("(?m)^  TCP +127.0.0.2:([0-9]+) +CONNECT  IPv4  127.0.0.2:\\1 +17 +17  ok$")
                .contains("All 8 went through the server")
                .doesNotContain("FAILED")
                .endsWith("=socks5h://your-server:1080 -jar your-program.jar\n");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(COLUMNS).isEqualTo(line.stripTrailing()));
        assertThat(run.status()).isZero();
    }

    @Test
    void demo_agentThatDoesNothing_saysWhatWentDirectAndFails() throws Exception {
        Run run = demo(DEMO_JAR, idleAgent().toString());

        assertThat(run.out())
                .containsPattern("(?m)^  TCP +127.0.0.2:[0-9]+ +- +0 +0  FAILED$")
                .containsPattern("(?m)^  127.0.0.2:[0-9]+: the server was not asked for it$")
                .containsPattern("(?m)^  127.0.0.2:[0-9]+: the target was reached DIRECTLY, from 127.0.0.1:[0-9]+$")
                .contains("\n  http://api.inside.example/: the program said: failed java.net.ConnectException")
                .contains("\n  mq.inside.example:5672: the program said: failed java.net.UnknownHostException")
                .contains("\n  ns.inside.example:53: nobody came to the target\n")
                .contains("\n  ns.inside.example:53: the program said: failed javax.naming.")
                .contains("\n  203.0.113.7:7000: nobody came to the target\n")
                .contains("\n  203.0.113.7:7000: the program said: failed java.net.")
                .contains("\n  db.inside.example:5432: the program said: failed java.net.UnknownHostException")
                .doesNotContain("  ok\n")
                .doesNotContain("went through the server: it was");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void demo_agentThatCannotStart_showsItsReasonAndFails() throws Exception {
        Run run = demo(
                DEMO_JAR,
                Files.writeString(directory.resolve("no.jar"), "no jar").toString());

        assertThat(run.out())
                .contains("\n  http://web.inside.example/: the program said: nothing\n")
                .contains("The program ended with status 1 and also wrote:")
                .contains("no.jar");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void demo_noAgentBuilt_saysHowToBuildIt() throws Exception {
        Path alone = Files.copy(DEMO_JAR, directory.resolve("argyle-demo.jar"));

        Run run = demo(alone);

        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("There is no agent at /").contains("mvn -q -DskipTests package");
        assertThat(run.status()).isEqualTo(2);
    }

    @Test
    void demo_jarElsewhere_saysWhatItMisses() throws Exception {
        Path alone = Files.copy(DEMO_JAR, directory.resolve("argyle-demo.jar"));

        Run run = demo(alone, idleAgent().toString());

        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("This jar is not where the build puts it")
                .contains(alone.toString());
        assertThat(run.status()).isEqualTo(2);
    }

    private Path idleAgent() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), IdleAgent.class.getName());
        Path jar = directory.resolve("idle-agent.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = IdleAgent.class.getResourceAsStream("IdleAgent.class")) {
            out.putNextEntry(new JarEntry(IdleAgent.class.getName().replace('.', '/') + ".class"));
            in.transferTo(out);
        }
        return jar;
    }
}
