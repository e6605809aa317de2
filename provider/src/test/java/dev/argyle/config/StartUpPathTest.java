// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What runs in every JVM's premain must not load what is slow, or what application servers must be the first to load. */
class StartUpPathTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.argyle.config", "dev.argyle.route");

    @Test
    void classes_ofPremain_doNotTouchWhatTheyMustNot() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(InetAddress|Inet.Address|InetSocketAddress|URI|URL)"
                        + "|java\\.util\\.(logging|regex|stream|function)\\..*"
                        + "|java\\.util\\.Enum(Map|Set)|java\\.lang\\.System\\$Logger.*|java\\.util\\.Formatter")
                .check(CLASSES);
    }

    @Test
    void classes_ofPremain_haveNoLambdas() throws Exception {
        int read = 0;
        for (JavaClass each : CLASSES) {
            assertThat(constants(each)).as(each.getName()).doesNotContain("LambdaMetafactory", "StringConcatFactory");
            read++;
        }
        assertThat(read).isGreaterThan(30);
    }

    private static String constants(JavaClass each) throws IOException {
        String resource = "/" + each.getName().replace('.', '/') + ".class";
        try (InputStream in = StartUpPathTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
