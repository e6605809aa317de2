// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** What an agent of a release that nobody knows yet may look like to the library. */
final class StrangeAgent {
    private StrangeAgent() {}

    /**
     * Compiles its class and returns the folder that it is in.
     *
     * @param talksAtAll whether it can be asked, and answers in a way of its own
     */
    static Path compile(boolean talksAtAll, Path folder) throws IOException {
        Path source = folder.resolve("EngineLoader.java");
        Files.writeString(
                source,
                "package dev.argyle.agent; public class EngineLoader {"
                        + (talksAtAll
                                ? "public static java.util.Map<String, Object> installed() {"
                                        + " return java.util.Map.of(\"protocol\", 99, \"version\", \"99.0\"); }"
                                : "")
                        + "}");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        return folder;
    }
}
