// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Netty for the programs in child JVMs: the build writes the class path beside the demo's jar. */
public final class NettyJars {
    private static final String FILE = "netty.class-path";

    private NettyJars() {}

    /** Whether the build has written which they are, beside this jar. */
    public static boolean areKnown(Path demoJar) {
        return Files.isRegularFile(demoJar.resolveSibling(FILE));
    }

    /**
     * The demo's jar and Netty's.
     *
     * @throws IOException if the file that names Netty's jars cannot be read
     */
    public static Path[] and(Path demoJar) throws IOException {
        String[] jars = Files.readString(demoJar.resolveSibling(FILE)).split(File.pathSeparator);
        return Stream.concat(Stream.of(demoJar), Arrays.stream(jars).map(Path::of))
                .toArray(Path[]::new);
    }
}
