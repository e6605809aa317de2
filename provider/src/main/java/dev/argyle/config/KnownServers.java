// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one configuration, whichever source names them: of equal ones there is one object, since what is learnt of
 * a server is kept by object. Those without credentials get those of the credentials file. For one thread.
 */
final class KnownServers {
    private final @Nullable CredentialsFile credentials;
    private final Map<Server, Server> known = new HashMap<>();
    private final Map<Server, String> credentialsSources = new HashMap<>();

    KnownServers(@Nullable CredentialsFile credentials) {
        this.credentials = credentials;
    }

    /**
     * Returns the same servers, each as the one object, with its credentials.
     *
     * @param source where those have theirs from that come with credentials
     */
    List<Server> of(List<Server> servers, String source) {
        List<Server> result = new ArrayList<>();
        for (Server server : servers) {
            result.add(of(server, source));
        }
        return result;
    }

    private Server of(Server given, String source) {
        Server server = given;
        String from = source;
        if (server.credentials() == null && credentials != null) {
            CredentialsFile.Entry entry = credentials.find(server);
            if (entry != null) {
                server = new Server(server.host(), server.port(), server.remoteNames(), entry.credentials());
                from = entry.source();
            }
        }
        // an address with a zone is the same only in the same words
        String host = server.host().indexOf('%') < 0 ? HostPort.canonical(server.host()) : server.host();
        Server key = new Server(host, server.port(), server.remoteNames(), server.credentials());
        Server before = known.putIfAbsent(key, server);
        if (before != null) {
            return before;
        }
        if (server.credentials() != null) {
            credentialsSources.put(server, from);
        }
        return server;
    }

    /** Returns where the servers with credentials have them from. */
    Map<Server, String> credentialsSources() {
        return credentialsSources;
    }
}
