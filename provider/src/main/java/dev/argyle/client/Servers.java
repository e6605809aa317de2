// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.client;

import dev.argyle.Configuration;
import dev.argyle.net.Connectors;
import dev.argyle.net.Installed;
import dev.argyle.net.InstalledServers;
import dev.argyle.protocol.Address;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import dev.argyle.route.Transport;
import dev.argyle.transport.Connector;
import dev.argyle.transport.NoServerException;
import dev.argyle.transport.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the servers of a client come from. Immutable, and safe for use by any thread. */
interface Servers {
    /**
     * The servers for one call.
     *
     * @param target as the server is to be given it: resolved, where its name is not the server's to look up; null if there is
     *     none
     */
    record Choice(
            Connector connector, Route.Via via, @Nullable InetSocketAddress target) {
        Requests requests() {
            return connector.requests();
        }

        /** What a request names; zeros without a target. */
        Address address() throws IOException {
            return requests().address(target);
        }

        /** Returns the server that would be tried first now. */
        Server first() {
            return connector.order(via).get(0);
        }

        /** The same with that alone. */
        Choice withOneServer() {
            return new Choice(connector, new Route.Via(via.record(), List.of(first())), target);
        }
    }

    /**
     * Chooses.
     *
     * @param target null for none in particular
     * @throws UnknownHostException if its name is looked up here and has no address, or no request could carry it
     * @throws NoServerException if there is none
     * @throws SocketException if the routes refuse
     */
    Choice choose(@Nullable InetSocketAddress target, Transport transport) throws IOException;

    /** By the routes of a configuration. */
    record ByRoutes(Connector connector) implements Servers {
        @Override
        public Choice choose(@Nullable InetSocketAddress target, Transport transport) throws IOException {
            InetSocketAddress asked = Engine.named(target);
            InetSocketAddress named =
                    asked == null ? null : Engine.named(connector.requests().named(asked, transport));
            return new Choice(connector, connector.requests().servers(named, transport), named);
        }
    }

    /** By the routes of the engine of this JVM, which is in another class loader. What it has said before is kept. */
    record ByEngine(Installed engine, Map<Object, Connector> known) implements Servers {
        @Override
        public Choice choose(@Nullable InetSocketAddress target, Transport transport) throws IOException {
            Map<String, Object> found = engine.servers(target, transport == Transport.UDP);
            Object none = found.get(InstalledServers.NONE);
            if (none != null) {
                throw new NoServerException((String) none);
            }
            Connector connector = known.computeIfAbsent(found.get(InstalledServers.SETTINGS), ByEngine::connector);
            Route.Via via = (Route.Via) connector.requests().general();
            return new Choice(connector, via, (InetSocketAddress) found.get(InstalledServers.TARGET));
        }

        @SuppressWarnings("unchecked") // as InstalledServers makes it
        private static Connector connector(Object settings) {
            return Connectors.of(Configuration.of((Map<String, String>) settings));
        }
    }

    /** The same for all targets. */
    record Given(Connector connector, Route.Via via) implements Servers {
        @Override
        public Choice choose(@Nullable InetSocketAddress target, Transport transport) throws IOException {
            InetSocketAddress asked = Engine.named(target);
            return new Choice(connector, via, via.remoteNames() ? checked(numeric(asked)) : lookedUp(asked));
        }

        private static @Nullable InetSocketAddress numeric(@Nullable InetSocketAddress target) throws IOException {
            boolean literal =
                    target != null && target.isUnresolved() && IpLiteral.parse(target.getHostString()) != null;
            return literal ? lookedUp(target) : target;
        }
    }

    /** Returns it, if a request can carry it. */
    private static @Nullable InetSocketAddress checked(@Nullable InetSocketAddress target) throws UnknownHostException {
        if (target != null && target.isUnresolved()) {
            try {
                Address unused = Address.name(target.getHostString(), target.getPort());
            } catch (IllegalArgumentException e) {
                UnknownHostException unknown = new UnknownHostException(target.getHostString() + ": " + e.getMessage());
                unknown.initCause(e);
                throw unknown;
            }
        }
        return target;
    }

    /** Returns it with its address; as it is, where this JVM has none for its name. */
    private static @Nullable InetSocketAddress lookedUp(@Nullable InetSocketAddress target) throws IOException {
        return target == null || !target.isUnresolved()
                ? target
                : Engine.named(new InetSocketAddress(InetAddress.getByName(target.getHostString()), target.getPort()));
    }
}
