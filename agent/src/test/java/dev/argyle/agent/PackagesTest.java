// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What each part of the agent may use: they are in three class loaders, and must not meet by chance. */
class PackagesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void entry_usesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("dev.argyle.agent")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.argyle.agent", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void commands_doNotUseTheEntry() {
        classes()
                .that()
                .resideInAPackage("dev.argyle.agent.cli")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.argyle",
                        "dev.argyle.agent.cli",
                        "dev.argyle.agent.hook",
                        "dev.argyle.config",
                        "dev.argyle.name",
                        "dev.argyle.net",
                        "dev.argyle.observe",
                        "dev.argyle.route",
                        "dev.argyle.transport",
                        "java..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void hooks_doNotUseTheEntry() {
        classes()
                .that()
                .resideInAPackage("dev.argyle.agent.hook")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.argyle",
                        "dev.argyle.agent.hook",
                        "dev.argyle.config",
                        "dev.argyle.name",
                        "dev.argyle.net",
                        "dev.argyle.observe",
                        "dev.argyle.route",
                        "dev.argyle.transport",
                        "net.bytebuddy.jar.asm",
                        "java..",
                        "org.jspecify..")
                .check(CLASSES);
    }
}
