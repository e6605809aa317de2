// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells which of the real servers this machine has. */
public final class RealServers {
    private static final Map<Path, String> PACKAGES = packages();

    private RealServers() {}

    private static Map<Path, String> packages() {
        Map<Path, String> packages = new LinkedHashMap<>();
        packages.put(Dante.PROGRAM, "dante-server");
        packages.put(Microsocks.PROGRAM, "microsocks");
        packages.put(OpenSsh.SERVER, "openssh-server");
        packages.put(OpenSsh.CLIENT, "openssh-client");
        return packages;
    }

    /** The Debian packages that are not installed; if there are any, one line says so. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>();
        PACKAGES.forEach((program, name) -> {
            if (!Files.isExecutable(program)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            System.out.println("Real servers that are not installed: " + String.join(", ", missing)
                    + " (apt-get install " + String.join(" ", missing) + ")");
        }
        return missing;
    }
}
