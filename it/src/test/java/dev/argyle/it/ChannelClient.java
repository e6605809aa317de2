// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.jvm.Jvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs of the clients' modules, each with the class path that its module resolved to. */
enum ChannelClient {
    HTTP_CLIENT("jdk", "HttpClientProgram", "HTTP_1_1", "20000"),
    NETTY_4_1("netty-4.1", "netty.NettyProgram"),
    NETTY_4_2("netty-4.2", "netty.NettyProgram"),
    APACHE("apache", "apache.ApacheProgram"),
    JETTY("jetty", "jetty.JettyProgram"),
    REACTOR("reactor", "reactor.ReactorProgram"),
    GRPC("grpc", "grpc.GrpcProgram");

    private static final String PACKAGE = "dev.argyle.it.client.";

    private final String module;
    private final String mainClass;
    private final Object[] arguments;

    ChannelClient(String module, String mainClass, Object... arguments) {
        this.module = module;
        this.mainClass = PACKAGE + mainClass;
        this.arguments = arguments;
    }

    /** A JVM that runs the program with the arguments that it needs before those of a test. */
    Jvm jvm() throws IOException {
        return bare().arguments(arguments);
    }

    /** A JVM that runs the program. */
    Jvm bare() throws IOException {
        return Jvm.of(mainClass).classPath(classPath(module, target(module).resolve("classes")));
    }

    private static Path target(String module) {
        return Path.of(System.getProperty("argyle.clients"), module, "target");
    }

    /** The libraries of a module, behind the programs. */
    static Path[] classPath(String module, Path programs) throws IOException {
        List<Path> classPath = new ArrayList<>(List.of(programs));
        String jars = Files.readString(target(module).resolve("class-path")).trim();
        if (!jars.isEmpty()) {
            for (String jar : jars.split(File.pathSeparator)) {
                classPath.add(Path.of(jar));
            }
        }
        return classPath.toArray(Path[]::new);
    }
}
