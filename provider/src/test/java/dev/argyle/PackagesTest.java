// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The packages' directions, as the design has them: what each may use besides itself and the JDK. */
class PackagesTest {
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "dev.argyle",
                    Set.of(
                            "dev.argyle.net",
                            "dev.argyle.transport",
                            "dev.argyle.name",
                            "dev.argyle.config",
                            "dev.argyle.route",
                            "dev.argyle.observe"),
            "dev.argyle.client",
                    Set.of(
                            "dev.argyle",
                            "dev.argyle.net",
                            "dev.argyle.transport",
                            "dev.argyle.route",
                            "dev.argyle.protocol"),
            "dev.argyle.protocol", Set.of(),
            "dev.argyle.observe", Set.of(),
            "dev.argyle.name", Set.of(),
            "dev.argyle.route", Set.of("dev.argyle.protocol"),
            "dev.argyle.config",
                    Set.of("dev.argyle.name", "dev.argyle.route", "dev.argyle.protocol", "dev.argyle.observe"),
            "dev.argyle.transport",
                    Set.of(
                            "dev.argyle.protocol",
                            "dev.argyle.route",
                            "dev.argyle.name",
                            "dev.argyle.config",
                            "dev.argyle.observe"),
            "dev.argyle.net",
                    Set.of(
                            "dev.argyle.transport",
                            "dev.argyle.name",
                            "dev.argyle.config",
                            "dev.argyle.route",
                            "dev.argyle.protocol",
                            "dev.argyle.observe"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.argyle");

    @Test
    void packages_areThoseListed() {
        Set<String> found = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            found.add(each.getPackageName());
        }
        assertThat(found).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
    }

    @TestFactory
    List<DynamicTest> package_dependsOnlyOnWhatItMay() {
        List<DynamicTest> tests = new ArrayList<>();
        MAY_USE.forEach((name, others) -> {
            List<String> allowed = new ArrayList<>(others);
            allowed.addAll(List.of(name, "java..", "javax.net..", "org.jspecify.."));
            if (name.equals("dev.argyle.net")) {
                allowed.add("sun.nio.ch");
            }
            tests.add(DynamicTest.dynamicTest(
                    name,
                    () -> classes()
                            .that()
                            .resideInAPackage(name)
                            .should()
                            .onlyDependOnClassesThat()
                            .resideInAnyPackage(allowed.toArray(new String[0]))
                            .check(CLASSES)));
        });
        return tests;
    }

    @Test
    void seam_usesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("sun.nio.ch")
                .and()
                .haveSimpleNameStartingWith("Socks")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("sun.nio.ch", "jdk.internal.ref", "java..", "javax.net..", "org.jspecify..")
                .check(new ClassFileImporter().importPackages("sun.nio.ch"));
    }
}
