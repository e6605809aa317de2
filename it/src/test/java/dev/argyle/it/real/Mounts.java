// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files of {@code /etc} that one process sees in place of the machine's: bind mounts in a mount namespace of its own, so
 * that a server can have users and names and the machine stays as it is. Takes root.
 */
final class Mounts {
    private final Map<String, Path> files = new TreeMap<>();

    /** Puts lines in place of a file. */
    void put(String target, Path directory, List<String> lines) throws IOException {
        Path file = directory.resolve(Path.of(target).getFileName());
        Files.write(file, lines);
        files.put(target, file);
    }

    /** Puts names in place of the machine's {@code /etc/hosts}; none leaves it. */
    void putHosts(Path directory, Map<String, String> hosts) throws IOException {
        if (!hosts.isEmpty()) {
            List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
            hosts.forEach((name, address) -> lines.add(address + " " + name));
            put("/etc/hosts", directory, lines);
        }
    }

    /** The command that runs another with these files; the process keeps its id. */
    List<String> around(List<String> command) {
        if (files.isEmpty()) {
            return command;
        }
        StringBuilder script = new StringBuilder();
        List<String> arguments = new ArrayList<>();
        files.forEach((target, file) -> {
            script.append("mount --bind \"$1\" ").append(target).append(" && shift && ");
            arguments.add(file.toString());
        });
        script.append("exec \"$@\"");
        List<String> all = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script.toString(), "sh"));
        all.addAll(arguments);
        all.addAll(command);
        return all;
    }
}
