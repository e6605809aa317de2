// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.protocol.Credentials;
import dev.argyle.route.Server;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Reads users and passwords, which are better kept out of a command line.
 *
 * <pre>
 * file    = *( line newline )                      ; UTF-8
 * line    = [ entry | "#" text ]                   ; white space around it does not count
 * entry   = hostport 1*space user 1*space password
 * hostport = see {@link HostPort}; without a port it is for every port of the host
 * </pre>
 *
 * Immutable.
 */
final class CredentialsFile {
    private record Entry(String host, int port, Credentials credentials) {}

    private final List<Entry> entries = new ArrayList<>();

    private CredentialsFile() {}

    /**
     * Reads a file.
     *
     * @param shared whether others than the owner may be able to read it
     * @throws InvalidValueException if it cannot be read, or others can
     * @throws ConfigurationException if a line is malformed, or there are two for one server
     */
    static CredentialsFile read(String path, boolean shared) throws InvalidValueException, ConfigurationException {
        List<String> lines = TextFile.lines(path);
        if (!shared) {
            requirePrivate(path);
        }
        CredentialsFile file = new CredentialsFile();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).trim();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                try {
                    file.add(line);
                } catch (InvalidValueException e) {
                    throw new ConfigurationException("file " + path + ":" + (i + 1) + ": " + e.getMessage());
                }
            }
        }
        return file;
    }

    /** Returns the servers, those without credentials with what the file has for them. */
    List<Server> apply(List<Server> servers) {
        List<Server> applied = new ArrayList<>();
        for (Server server : servers) {
            Entry entry = server.credentials() == null ? find(HostPort.canonical(server.host()), server.port()) : null;
            applied.add(
                    entry == null
                            ? server
                            : new Server(server.host(), server.port(), server.remoteNames(), entry.credentials));
        }
        return applied;
    }

    private @Nullable Entry find(String host, int port) {
        Entry anyPort = null;
        for (Entry entry : entries) {
            if (entry.host.equals(host)) {
                if (entry.port == port) {
                    return entry;
                }
                anyPort = entry.port == HostPort.NO_PORT ? entry : anyPort;
            }
        }
        return anyPort;
    }

    private void add(String line) throws InvalidValueException {
        StringTokenizer fields = new StringTokenizer(line);
        if (fields.countTokens() != 3) {
            throw new InvalidValueException("got " + fields.countTokens() + " fields (expected: host[:port] user"
                    + " password); what has white space in it goes percent-encoded into the server's URL");
        }
        HostPort hostPort = HostPort.parse(fields.nextToken());
        String host = HostPort.canonical(hostPort.host());
        for (Entry entry : entries) {
            if (entry.host.equals(host) && entry.port == hostPort.port()) {
                throw new InvalidValueException("a second entry for one server; leave one out");
            }
        }
        try {
            entries.add(new Entry(host, hostPort.port(), new Credentials(fields.nextToken(), fields.nextToken())));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(String.valueOf(e.getMessage()));
        }
    }

    private static void requirePrivate(String path) throws InvalidValueException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(new File(path).toPath());
        } catch (UnsupportedOperationException e) {
            return; // no POSIX permissions here, and the JDK's other views do not tell who can read
        } catch (IOException | InvalidPathException e) {
            throw new InvalidValueException("cannot read the permissions of the file " + Shown.quote(path));
        }
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new InvalidValueException("others than its owner can read the file " + Shown.quote(path) + " ("
                    + PosixFilePermissions.toString(permissions) + "); chmod 600 it or, if it is a container's secret"
                    + " whose mode you do not choose, set " + Key.CREDENTIALS_SHARED + "=true");
        }
    }
}
