// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.client.S5;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs in the README compile, and run with the command lines that stand beside them. */
class ReadmeExamplesIT {
    private static final Path LIBRARY = Path.of(System.getProperty("argyle.provider.jar"));
    private static final String README = read(Path.of("../README.md"));
    private static final Pattern PROGRAM =
            Pattern.compile("```java\n((?:(?!```).)*?\nclass (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern PART = Pattern.compile("```java\n// (\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final Path EXAMPLES = Path.of("src/main/java/dev/argyle/it/examples");
    private static final Pattern COMMAND = Pattern.compile("^java (.*) (\\w+Example)$", Pattern.MULTILINE);
    private static final String SERVER = "bastion:1080";
    private static final String TARGET = "db.inside.example";

    @TempDir
    private static Path classes;

    private static ScriptedServer server;

    private Targets targets;

    @BeforeAll
    static void compile() throws Exception {
        server = ScriptedServer.start();
        List<String> sources = new ArrayList<>();
        for (MatchResult program : PROGRAM.matcher(README).results().toList()) {
            Path source = classes.resolve(program.group(2) + ".java");
            Files.writeString(source, program.group(1).replace(SERVER, "127.0.0.1:" + server.port()));
            sources.add(source.toString());
        }
        compile(classes, "-cp", sources);
    }

    private static void compile(Path output, String path, List<String> sources) {
        List<String> arguments = new ArrayList<>(List.of("--release", "17", path, LIBRARY.toString()));
        arguments.addAll(List.of("-Xlint:all", "-Werror", "-d", output.toString()));
        arguments.addAll(sources);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertThat(status).isZero();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server.name(TARGET, targets.address(targets.echo()));
    }

    @AfterEach
    void stop() throws Exception {
        targets.close();
    }

    static Stream<String> commands() {
        return COMMAND.matcher(README).results().map(MatchResult::group);
    }

    @Test
    void programs_allHaveACommand() {
        assertThat(PROGRAM.matcher(README).results().map(program -> program.group(2)))
                .hasSize(3)
                .allSatisfy(name -> assertThat(commands()).anyMatch(command -> command.endsWith(" " + name)));
    }

    /** {@code ExamplesIT} runs the programs. */
    @Test
    void partsOfPrograms_areWordForWordInThem_andEachProgramHasOne() throws Exception {
        List<String> shown = new ArrayList<>();
        for (MatchResult part : PART.matcher(README).results().toList()) {
            shown.add(part.group(1) + ".java");
            String program = Files.readString(EXAMPLES.resolve(part.group(1) + ".java"));
            assertThat(withoutIndentation(program)).contains(withoutIndentation(part.group(2)));
        }
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("Example.java")))
                    .containsExactlyInAnyOrderElementsOf(shown);
        }
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @EnumSource
    void codesOfAix_areListedWithTheirReplies(S5 code) {
        String rep = code.rep() > 0
                ? code.rep() + " |"
                : code == S5.S5_ENOSERV ? "none |" : "5, as the first reply to BIND |";

        assertThat(README).contains("\n| `" + code + "` | " + rep);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void program_byItsCommand_connects(String command) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        String program = words.remove(words.size() - 1);
        int classPath = words.indexOf("-cp");
        List<Path> entries = Arrays.stream(words.get(classPath + 1).split(":"))
                .map(entry -> entry.equals(".") ? classes : LIBRARY)
                .toList();
        words.subList(classPath, classPath + 2).clear();
        words.replaceAll(word -> word.equals("argyle-provider.jar") ? LIBRARY.toString() : word);

        assertConnects(Jvm.of(program)
                .classPath(entries.toArray(new Path[0]))
                .options(words.subList(1, words.size()).toArray(new String[0]))
                .run());
    }

    /** The library is as much of a module as one that the program requires. */
    @Test
    void program_thatIsAModule_connects() throws Exception {
        Path example = classes.resolve("InstallExample.java");
        Path source =
                Files.createDirectories(classes.resolve("module/com/example")).resolve("InstallExample.java");
        Files.writeString(source, "package com.example;\n" + Files.readString(example));
        Path descriptor = classes.resolve("module/module-info.java");
        Files.writeString(descriptor, "module com.example { requires dev.argyle.provider; }");
        Path output = classes.resolve("output");
        compile(output, "-p", List.of(source.toString(), descriptor.toString()));

        assertConnects(Jvm.of("com.example.InstallExample")
                .options("--add-opens=java.base/java.net=dev.argyle.provider")
                .options("-p", LIBRARY + ":" + output, "-m", "com.example/com.example.InstallExample")
                .run());
    }

    private void assertConnects(JvmResult result) throws Exception {
        assertThat(result.out()).as(result.toString()).startsWith("connected");
        assertThat(server.connects())
                .last()
                .satisfies(connect -> assertThat(connect.host()).isEqualTo(TARGET));
        assertThat(targets.directVisitors()).isEmpty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
