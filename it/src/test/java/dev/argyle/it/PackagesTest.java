// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The programs under test are unmodified, and the servers are nobody's kin. */
class PackagesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.argyle.it");

    @Test
    void programs_useTheJdkAndNettyAlone() {
        classes()
                .that()
                .resideInAPackage("dev.argyle.it.app..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.argyle.it.app..",
                        "java..",
                        "javax..",
                        "jdk..",
                        "io.netty..",
                        "com.sun.net.httpserver..",
                        "com.sun.nio.sctp..",
                        "com.sun.management..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void servers_useTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("dev.argyle.it.server..", "dev.argyle.it.jvm..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.argyle.it.server..",
                        "dev.argyle.it.jvm..",
                        "java..",
                        "javax..",
                        "com.sun.net.httpserver..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    /** Users have no more of the library. */
    @Test
    void programsWithTheLibrary_useWhatIsExported() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.argyle.it.embedding", "dev.argyle.it.examples")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.argyle..")
                        .and(not(resideInAnyPackage(
                                "dev.argyle",
                                "dev.argyle.client",
                                "dev.argyle.it.embedding",
                                "dev.argyle.it.examples"))))
                .check(CLASSES);
    }
}
