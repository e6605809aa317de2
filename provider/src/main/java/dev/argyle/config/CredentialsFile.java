// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.protocol.Credentials;
import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.List;
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
    /** @param source for instance {@code file /x:12} */
    record Entry(String host, int port, Credentials credentials, String source) {}

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
            PrivateFile.require(path, "");
        }
        CredentialsFile file = new CredentialsFile();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).trim();
            if (!line.isEmpty() && line.charAt(0) != '#') {
                String source = "file " + path + ":" + (i + 1);
                try {
                    file.add(line, source);
                } catch (InvalidValueException e) {
                    throw new ConfigurationException(source + ": " + e.getMessage());
                }
            }
        }
        return file;
    }

    /** Returns what the file has for a server: an entry with its port rather than one without; null if nothing. */
    @Nullable
    Entry find(Server server) {
        return find(HostPort.canonical(server.host()), server.port());
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

    private void add(String line, String source) throws InvalidValueException {
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
            Credentials credentials = new Credentials(fields.nextToken(), fields.nextToken());
            entries.add(new Entry(host, hostPort.port(), credentials, source));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(String.valueOf(e.getMessage()));
        }
    }
}
