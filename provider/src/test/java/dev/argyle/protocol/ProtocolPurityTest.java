// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.Serial;
import java.net.IDN;
import org.junit.jupiter.api.Test;

class ProtocolPurityTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.argyle.protocol");

    @Test
    void protocol_dependsOnBytesAndTextOnly() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                                "dev.argyle.protocol",
                                "java.lang",
                                "java.lang.runtime",
                                "java.nio",
                                "java.nio.charset",
                                "java.util",
                                "org.jspecify.annotations"))
                        .and(not(belongToAnyOf(IOException.class, Serial.class, IDN.class)))
                        .and(not(resideInAPackage("java.lang.invoke"))));

        rule.check(classes);
    }

    @Test
    void protocol_startsNoThreadAndReadsNoClock() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, ThreadLocal.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis");

        rule.check(classes);
    }
}
