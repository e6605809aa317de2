// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    @Test
    void read_propertiesSyntax_isUnderstood() throws Exception {
        Map<Key, Value> values = read("""
                # a comment that ends with a backslash \\
                ! another
                proxy = h

                 bypass : a,\\
                    b,\\

                main-class=\\u0041.B\\\\
                log\tdebug
                quiet
                """);
        assertThat(values.get(Key.PROXY).text()).isEqualTo("h");
        assertThat(values.get(Key.PROXY).source()).isEqualTo("file " + file() + ":3");
        assertThat(values.get(Key.BYPASS).text()).isEqualTo("a,b,");
        assertThat(values.get(Key.BYPASS).source()).isEqualTo("file " + file() + ":5");
        assertThat(values.get(Key.MAIN_CLASS).text()).isEqualTo("A.B\\");
        assertThat(values.get(Key.MAIN_CLASS).source()).isEqualTo("file " + file() + ":8");
        assertThat(values.get(Key.LOG).text()).isEqualTo("debug");
        assertThat(values.get(Key.QUIET).text()).isEmpty();
    }

    @Test
    void read_anyLineEnd_countsTheLine() throws Exception {
        Map<Key, Value> values = read("\ufeffproxy=h\r\n\r\nbypass=a,\\\r\n b\rlog=b\u00fc\nquiet=true\\");
        assertThat(values.get(Key.PROXY).source()).endsWith(":1");
        assertThat(values.get(Key.BYPASS).text()).isEqualTo("a,b");
        assertThat(values.get(Key.BYPASS).source()).endsWith(":3");
        assertThat(values.get(Key.LOG).text()).isEqualTo("b\u00fc");
        assertThat(values.get(Key.LOG).source()).endsWith(":5");
        assertThat(values.get(Key.QUIET).text()).isEqualTo("true");
        assertThat(values.get(Key.QUIET).source()).endsWith(":6");
    }

    @Test
    void read_keyTwice_namesBothLines() {
        assertError(
                "log=info\n\nlog=debug",
                "file " + file() + ":3: log: given twice, first at file " + file()
                        + ":1; write it once, a list with commas between its entries");
    }

    @Test
    void read_malformed_namesTheLine() {
        assertError("proxy=h\nlog=\\u00zz", "file " + file() + ":2: \\u is not followed by four hexadecimal digits");
        assertError("\nbypas=a", "file " + file() + ":2: unknown key 'bypas'; did you mean 'bypass'?");
        assertError("config=/x", "file " + file() + ":1: config: a file cannot name another; leave this line out");
    }

    @Test
    void read_keyHoldingAt_isNotShown() {
        assertError(
                "alice\\:sesame@h",
                "file " + file() + ":1: unknown key a value with an @ (not shown) (known: proxy, routes, credentials,"
                        + " credentials.shared, bypass, guard, udp, udp.relay, bind, names.local, names.range, names.reverse,"
                        + " connect.timeout, handshake.timeout, on-failure, main-class, hooks, native-transports,"
                        + " log, quiet, config)");
    }

    @Test
    void read_notUtf8_isRefused() throws Exception {
        Files.write(file(), new byte[] {'l', 'o', 'g', '=', (byte) 0xff});
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ConfigFile.read(file().toString()))
                .withMessage("the file '" + file() + "' is not UTF-8");
    }

    @Test
    void read_noFile_saysWhy() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ConfigFile.read(directory.toString()))
                .withMessage("cannot read the file: " + directory + " (Is a directory)");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ConfigFile.read("/nul\0"))
                .withMessage("cannot read the file: Invalid file path");
    }

    private void assertError(String text, String message) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(text))
                .withMessage(message);
    }

    private Map<Key, Value> read(String text) throws IOException, InvalidValueException, ConfigurationException {
        return ConfigFile.read(Files.writeString(file(), text).toString());
    }

    private Path file() {
        return directory.resolve("argyle.properties");
    }
}
