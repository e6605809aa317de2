// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.Ask;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each key as a system property, by what it does to a connection. The tests of a key begin with its name, in camel case,
 * and an underscore. Here are the keys of the agent itself; {@link ServerPropertiesIT} has those of the servers,
 * {@link RoutingPropertiesIT} those that say what goes where, and {@link WrongPropertiesIT} what is not understood.
 */
class SystemPropertiesIT extends PropertiesFixture {
    private static final List<Class<?>> TESTS =
            List.of(SystemPropertiesIT.class, ServerPropertiesIT.class, RoutingPropertiesIT.class);

    @ParameterizedTest
    @MethodSource("keys")
    void everyKey_hasATest(String key) {
        StringBuilder start = new StringBuilder();
        for (String word : key.split("[.-]")) {
            start.append(start.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        start.append('_');

        assertThat(TESTS.stream()
                        .flatMap(tests -> Arrays.stream(tests.getDeclaredMethods()))
                        .filter(SystemPropertiesIT::isTest)
                        .map(Method::getName))
                .anyMatch(name -> name.startsWith(start.toString()));
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.argyle.it.app.ConnectOnce", "org.example.Main, dev.argyle.*", "*Once"})
    void mainClass_thatMatches_isRouted(String pattern) throws Exception {
        assertRouted(toAddress("none").property("argyle.main-class", pattern).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example.*", "ConnectOnce", "dev.argyle.it.app.connectonce"})
    void mainClass_thatDoesNotMatch_leavesTheProgramAlone(String pattern) throws Exception {
        JvmResult result =
                toAddress("none").property("argyle.main-class", pattern).run();

        assertDirect(result);
        assertThat(result.err()).isEmpty();
    }

    /** The factories leave look-ups alone: of a name that this machine knows the server hears the address. */
    @Test
    void hooks_factories_leaveNamesAlone(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.2 " + NAME + "\n");
        Jvm program = program().property("argyle.bypass", "none").property("jdk.net.hosts.file", hosts.toString());

        assertRouted(program.property("argyle.hooks", "all").run());
        JvmResult result = program.property("argyle.hooks", "factories").run();

        assertThat(result.out()).isEqualTo("ok " + NAME + "/127.0.0.2:" + echo + "\n");
        assertThat(result.err()).contains("as far as factories reach");
        assertThat(server.connects())
                .last()
                .satisfies(connect -> assertThat(connect.host()).isEqualTo("127.0.0.2"));
    }

    /** Whatever the user has set beside it. */
    @ParameterizedTest
    @CsvSource({"'', true", "disable, true", "warn, false", "allow, false"})
    void nativeTransports_saysWhetherNettysAreSwitchedOff(String value, String expected) throws Exception {
        Jvm program = Jvm.of(Ask.class)
                .agent("")
                .property("argyle.proxy", at(server))
                .property("io.netty.transport.noNative", "false")
                .arguments("java.lang.System.getProperties");

        JvmResult result = (value.isEmpty() ? program : program.property("argyle.native-transports", value)).run();

        assertThat(result.out()).contains("io.netty.transport.noNative=" + expected);
    }

    /** The factories do not reach channels. */
    @Test
    void nativeTransports_besideFactories_areLeftAlone() throws Exception {
        JvmResult result = Jvm.of(Ask.class)
                .agent("hooks=factories")
                .property("argyle.proxy", at(server))
                .arguments("java.lang.System.getProperties")
                .run();

        assertThat(result.out()).contains("java.version=").doesNotContain("noNative");
    }

    @Test
    void log_debug_tellsEachConnection_andTheDefaultDoesNot() throws Exception {
        String line = "[argyle] DEBUG: connect " + NAME + ":" + echo + ": Via[record=* (-Dargyle.proxy)";

        assertThat(program().run().err()).doesNotContain("DEBUG");
        assertThat(program().property("argyle.log", "debug").run().err()).contains(line);
    }

    @Test
    void log_off_leavesTheLineAtStartUpAlone() throws Exception {
        server.refuse();
        Jvm program = toAddress("none").property("argyle.on-failure", "direct");

        assertThat(program.run().err()).contains("[argyle] WARN: ");
        assertThat(program.property("argyle.log", "off").run().err().lines())
                .singleElement()
                .asString()
                .contains("connections go through socks5h://" + at(server));
    }

    @Test
    void quiet_true_saysNothing() throws Exception {
        JvmResult result = program()
                .property("argyle.quiet", "true")
                .property("argyle.log", "debug")
                .run();

        assertRouted(result);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void config_namesAFile(@TempDir Path folder) throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder, a=b"));
        Path file = Files.writeString(
                spaced.resolve("argyle.properties"), "proxy = " + at(server) + "\nbypass = none\nlog = debug\n");

        JvmResult result = Jvm.of(ConnectOnce.class)
                .agent("")
                .property("argyle.config", file.toString())
                .arguments(ADDRESS, echo)
                .run();

        assertRouted(result);
        assertThat(result.err()).contains("DEBUG: connect ").contains("file " + file + ":1");
    }

    /** How options reach a JVM whose command line is out of reach. All of them take quotes. */
    enum Carrier {
        JAVA_TOOL_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) {
                jvm.variable("JAVA_TOOL_OPTIONS", options);
            }
        },
        JDK_JAVA_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) {
                jvm.variable("JDK_JAVA_OPTIONS", options);
            }
        },
        ARGUMENT_FILE {
            @Override
            void carry(Jvm jvm, String options, Path folder) throws IOException {
                jvm.options("@" + file(options, folder));
            }
        },
        ARGUMENT_FILE_IN_JDK_JAVA_OPTIONS {
            @Override
            void carry(Jvm jvm, String options, Path folder) throws IOException {
                jvm.variable("JDK_JAVA_OPTIONS", "@" + file(options, folder));
            }
        };

        abstract void carry(Jvm jvm, String options, Path folder) throws IOException;

        private static Path file(String options, Path folder) throws IOException {
            return Files.writeString(folder.resolve("options"), "# the bastion\n" + options + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void carrier_ofProperties_keepsTheirValues(Carrier carrier, @TempDir Path folder) throws Exception {
        guard("ann", "s3cr3t");
        Jvm program = Jvm.of(ConnectOnce.class).agent("").arguments(NAME, echo);
        carrier.carry(
                program,
                "-Dargyle.proxy=127.0.0.1:1," + at(server) + " \"-Dargyle.credentials="
                        + credentials(folder, "rw-------") + "\"",
                folder);

        assertThat(assertRouted(program.run()).userName()).isEqualTo("ann");
    }

    @ParameterizedTest
    @EnumSource(
            value = Carrier.class,
            names = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void carrier_besidesTheCommandLine_loses(Carrier carrier, @TempDir Path folder) throws Exception {
        Jvm program = program();
        carrier.carry(program, "-Dargyle.proxy=" + at(other), folder);

        assertRouted(program.run());
    }
}
