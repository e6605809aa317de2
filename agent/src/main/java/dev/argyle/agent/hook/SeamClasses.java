// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;

/** Opens what the engine needs of java.base to the engine's loader alone, and defines the seam there. */
final class SeamClasses {
    /** In an order in which each finds those before it. */
    private static final String[] NAMES = {"SocksConnect", "SocksDescriptor", "SocksEngine", "SocksSeam"};

    private SeamClasses() {}

    /** Tells whether an agent has defined them before. */
    static boolean areDefined() {
        try {
            Class.forName("sun.nio.ch.SocksSeam", false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static void define(Instrumentation instrumentation) throws IOException, ReflectiveOperationException {
        Set<Module> engine = Set.of(SeamClasses.class.getModule());
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(), // at run time a package that is open is exported too
                Map.of("sun.nio.ch", engine, "java.net", engine),
                Set.of(),
                Map.of());
        Class<?> neighbour = Class.forName("sun.nio.ch.IOStatus", false, null);
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup());
        for (String name : NAMES) {
            lookup.defineClass(bytes("seam/sun/nio/ch/" + name + ".class"));
        }
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = SeamClasses.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            return in.readAllBytes();
        }
    }
}
