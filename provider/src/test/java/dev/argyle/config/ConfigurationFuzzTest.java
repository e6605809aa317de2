// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFuzzTest {
    private static final List<String> PIECES = List.of(
            "proxy",
            "bypass",
            "connect.timeout",
            "log",
            "quiet",
            "main-class",
            "on-failure",
            "none",
            "*",
            "*.",
            ".",
            "..",
            "=",
            "=",
            ",",
            ",",
            ":",
            ":",
            "/",
            "//",
            "://",
            "@",
            "[",
            "]",
            "::",
            "%",
            "%4",
            "%40",
            "%ff",
            "|",
            "#",
            "?",
            "!",
            "\\",
            "\\u00",
            " ",
            "\t",
            "\n",
            "\0",
            "\u00fc",
            "\ud800",
            "\uff0e",
            "h",
            "h:1",
            "socks5",
            "socks5h://",
            "http://",
            "10.0.0.1",
            "10.0.0.0/8",
            "[::1]",
            "fe80::1%eth0",
            "1080",
            "65536",
            "10s",
            "debug",
            "true",
            "a.b");

    @TempDir
    Path directory;

    @Test
    void load_anyText_loadsOrSaysWhyNot() throws Exception {
        Random random = new Random(1928);
        int loaded = 0;
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            Sources sources = Sources.argument(text(random));
            if (i % 2 == 0) {
                sources.variable("ALL_PROXY", "socks5h://" + text(random)).variable("NO_PROXY", text(random));
            } else {
                sources.property("socksProxyHost", text(random)).property("socksNonProxyHosts", text(random));
            }
            try {
                Settings settings = sources.load();
                settings.routes().staysName(text(random));
                settings.appliesTo(text(random));
                Sources.route(settings, text(random), random.nextInt(65536));
                loaded++;
            } catch (ConfigurationException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                refused++;
            }
        }
        assertThat(loaded).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void load_anyFile_loadsOrSaysWhyNot() throws Exception {
        Random random = new Random(1929);
        Path config = directory.resolve("config");
        Path credentials = directory.resolve("credentials");
        for (int i = 0; i < 1000; i++) {
            write(config, random);
            write(credentials, random);
            Sources sources =
                    Sources.argument("config=" + config + ",credentials.shared=true,credentials=" + credentials);
            try {
                assertThat(sources.variable("ALL_PROXY", "socks5h://h").load().servers())
                        .isNotEmpty();
            } catch (ConfigurationException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void load_secretAnywhereBeforeTheAt_isNeverShown() {
        Random random = new Random(1961);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder password = new StringBuilder("sesame");
            for (int n = random.nextInt(4); n > 0; n--) {
                password.append(PIECES.get(random.nextInt(PIECES.size()))).append("sesame");
            }
            String tail = PIECES.get(random.nextInt(PIECES.size()));
            String argument = (random.nextBoolean() ? "proxy=socks5h://u:" : "socks5h://u:") + password + "@" + tail;
            try {
                assertThat(Sources.argument(argument).load().toString()).doesNotContain("sesame");
            } catch (ConfigurationException e) {
                assertThat(e.getMessage()).as(argument).doesNotContain("sesame");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private static void write(Path file, Random random) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.append(text(random).replace('\ud800', 'x')).append('\n');
        }
        Files.writeString(file, text);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(7); n >= 0; n--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
