// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Programs that are configured by system properties. */
abstract class PropertiesFixture extends TwoServers {
    static List<String> keys() throws IOException {
        return Files.readAllLines(Path.of("..", "README.md")).stream()
                .dropWhile(line -> !line.startsWith("| Key | Default | System property |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1])
                .toList();
    }

    /** The name that only the server knows, through the first server. */
    final Jvm program() {
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .arguments(NAME, echo);
    }

    /** The target's address, which is direct unless the bypass list says none. */
    final Jvm toAddress(String bypass) {
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property("argyle.bypass", bypass)
                .arguments(ADDRESS, echo);
    }

    final Jvm byRoutes(Path folder, Object host, int port, String... lines) throws IOException {
        Path spaced = Files.createDirectories(folder.resolve("a folder"));
        Path file = Files.writeString(spaced.resolve("socks5c.conf"), String.join("\n", lines));
        return Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.routes", file.toString())
                .property("argyle.bypass", "none")
                .arguments(host, port);
    }

    final Path credentials(Path folder, String permissions) throws IOException {
        Path spaced = Files.createDirectories(folder.resolve("a folder, a=b"));
        Path file = Files.writeString(spaced.resolve("user, password"), "127.0.0.1 ann s3cr3t\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    final void assertRefused(JvmResult result, String message) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("[argyle] Configuration: " + message)
                .doesNotContain("s3cr3t");
        assertThat(targets.visitors(echo)).isEmpty();
    }
}
