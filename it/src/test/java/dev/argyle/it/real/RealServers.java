// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * Tells what of others' programs this machine has. A test that needs what is missing is reported as skipped, with the
 * reason; {@code it/verify} takes that for a failure. Safe for use by several threads.
 */
final class RealServers {
    private static final Map<Path, String> PACKAGES = Map.of(
            Dante.PROGRAM, "dante-server",
            Microsocks.PROGRAM, "microsocks",
            OpenSsh.SERVER, "openssh-server",
            OpenSsh.CLIENT, "openssh-client",
            Shadowsocks.LOCAL, "shadowsocks-libev",
            Networks.PROGRAM, "iproute2",
            TracedNetwork.TRACER, "tcpdump");

    /** What was said, so that it is said once. */
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private RealServers() {}

    /**
     * Goes on if these programs are installed.
     *
     * @throws org.opentest4j.TestAbortedException if one is not; the first time, one line on standard output says so too
     */
    static void require(Path... programs) {
        require(System.out, programs);
    }

    static void require(PrintStream out, Path... programs) {
        for (Path program : programs) {
            if (!Files.isExecutable(program)) {
                String name = PACKAGES.get(program);
                abort(out, "There is no " + program + (name == null ? "" : ": apt-get install " + name));
            }
        }
    }

    /**
     * Goes on if this is root, who alone may make name spaces.
     *
     * @throws org.opentest4j.TestAbortedException if it is not; the first time, one line on standard output says so too
     */
    static void requireRoot() {
        if (!System.getProperty("user.name").equals("root")) {
            abort(System.out, "Name spaces, and Dante, take root");
        }
    }

    private static void abort(PrintStream out, String reason) {
        if (SAID.add(reason)) {
            out.println("Tests are skipped. " + reason);
        }
        Assumptions.abort(reason);
    }
}
