// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.route.IpLiteral;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.CsvSource;

class HostsFileFuzzTest {
    @TempDir
    Path directory;

    @CsvSource({
        "'', a",
        "'10.0.0.1 a b # c\\n::1\\tC\\r\\n', c",
        "'#10.0.0.1 a', a",
        "'10.0.0.1 a#b', b",
        "'127.1 a', a",
        "'010.0.0.1 a', a",
        "'::ffff:10.0.0.1 a.', a",
        "'::1%1 a', a",
        "'01103:: a', a",
        "'::010.0.0.1 a', a",
        "'1:2:3:4:5:6:7:8 a', A",
        "'a 10.0.0.1', 10.0.0.1",
        "'256.0.0.1 a', a",
        "'1.2.3.4.5 a', a",
        "'10.0.0.1\\0a', a"
    })
    @FuzzTest
    void contains_anyText_isWhatItsLinesSay(
            @NotNull @WithUtf8Length(max = 400) String text, @NotNull @WithUtf8Length(max = 60) String name)
            throws Exception {
        Path file = Files.write(directory.resolve("hosts"), text.getBytes(StandardCharsets.ISO_8859_1));
        Properties properties = new Properties();
        properties.setProperty("jdk.net.hosts.file", file.toString());
        String read = Files.readString(file, StandardCharsets.ISO_8859_1);
        Set<String> names = names(read);

        HostsFile hosts = new HostsFile(properties, Map.of(), () -> 0);

        assertThat(hosts.contains(name)).isEqualTo(names.contains(name.toLowerCase(Locale.ROOT)));
        assertThat(hosts.contains(name.toUpperCase(Locale.ROOT)))
                .isEqualTo(names.contains(name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)));
        for (String word : read.split("[\0- #]+", -1)) {
            assertThat(hosts.contains(word)).isEqualTo(names.contains(word.toLowerCase(Locale.ROOT)));
        }
    }

    private static Set<String> names(String text) {
        Set<String> names = new HashSet<>();
        for (String line : text.split("\n", -1)) {
            int comment = line.indexOf('#');
            String content = comment < 0 ? line : line.substring(0, comment);
            List<String> words =
                    List.of(content.replaceAll("^[\0- ]+|[\0- ]+$", "").split("[\0- ]+", -1));
            String address = words.get(0);
            boolean isAddress = IpLiteral.parse(address) != null && !address.contains("%") && !address.contains("[");
            for (String word : words.subList(1, words.size())) {
                if (isAddress && word.length() <= 255) {
                    names.add(word.toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
