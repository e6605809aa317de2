// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that one process has for itself, a network namespace: what it sends nobody gets. Takes root.
 */
public final class Networks {
    static final Path PROGRAM = Path.of("/sbin/ip");

    private Networks() {}

    /**
     * The command that runs another with loopback and no other network; the process keeps its id.
     *
     * @throws org.opentest4j.TestAbortedException if this machine cannot
     */
    public static List<String> loopbackOnly(List<String> command) {
        RealServers.requireRoot();
        RealServers.require(PROGRAM);
        List<String> all =
                new ArrayList<>(List.of("unshare", "-n", "sh", "-c", PROGRAM + " link set lo up && exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }
}
