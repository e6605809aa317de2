// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @Test
    void of_textAndMap_areTheSame() {
        Configuration text = Configuration.of("bastion,bypass=.corp,10.0.0.0/8,connect.timeout=5s");
        Configuration map = Configuration.of(
                Map.of("proxy", "socks5h://bastion:1080", "bypass", ".corp,10.0.0.0/8", "connect.timeout", "5s"));

        assertThat(text).isEqualTo(map).hasSameHashCodeAs(map);
        assertThat(text.toString()).contains("proxy=socks5h://bastion:1080", "bypass=.corp,10.0.0.0/8");
    }

    @Test
    void of_another_isAnother(@TempDir Path folder) throws Exception {
        Configuration some = Configuration.of("u:p@bastion");

        assertThat(some)
                .isNotEqualTo(Configuration.of("bastion"))
                .isNotEqualTo(Configuration.of("u:q@bastion"))
                .isNotEqualTo(Configuration.of("u:p@bastion,bypass=none"))
                .isNotEqualTo("u:p@bastion");
        Path file = Files.writeString(folder.resolve("credentials"), "bastion u q\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> values = Map.of("proxy", "bastion", "credentials", file.toString());
        Configuration before = Configuration.of(values);
        assertThat(before).isEqualTo(Configuration.of(values));
        Files.writeString(file, "bastion u other\n");
        assertThat(before).isNotEqualTo(Configuration.of(values));
    }

    /** Where the values come from, and what they are for, makes no difference to connections. */
    @Test
    void of_fileAndKeysOfTheAgent_areNoDifference(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("argyle.properties"), "proxy = bastion\nbypass = .corp\n");

        assertThat(Configuration.of("config=" + file))
                .isEqualTo(Configuration.of(
                        "bastion,bypass=.corp,hooks=factories,native-transports=allow,main-class=other.Main"));
    }

    @Test
    void of_whatIsNotUnderstood_saysSoWithoutSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configuration.of("bypass=.corp"))
                .withMessage("no SOCKSv5 server is named; write proxy=socks5h://host:1080");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configuration.of("bastion,bypas=.corp"))
                .withMessage("configuration: unknown key 'bypas'; did you mean 'bypass'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configuration.of(Map.of("proxi", "bastion")))
                .withMessage("configuration: unknown key 'proxi'; did you mean 'proxy'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Configuration.of(Map.of("proxy", "u:sesame@bastion:x")))
                .withMessageStartingWith("configuration: proxy: ")
                .withMessageNotContaining("sesame");
        assertThat(Configuration.of("u:sesame@bastion").toString()).doesNotContain("sesame", "u:");
    }

    /** What is learnt of the servers is learnt for all that is made of one configuration. */
    @Test
    void connector_isOne() {
        Configuration configuration = Configuration.of("127.0.0.1");

        assertThat(configuration.connector()).isSameAs(configuration.idleConnector());
    }
}
