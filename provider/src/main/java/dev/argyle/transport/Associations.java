// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.Settings;
import dev.argyle.config.UdpRelay;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens the associations of all sockets and knows when they end. Safe for use by any thread. */
final class Associations {
    /**
     * For so long a control connection outlives its socket: the relay ends with it, and a server that sees the end before
     * it has read the last datagram, as Dante mostly does, loses that.
     */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Connector connector;
    private final Settings settings;
    private final Log log;
    private final Controls controls;
    private final Set<Association> opening = new HashSet<>(); // the daemon's

    Associations(Connector connector, Controls controls, Settings settings, Log log) {
        this.connector = connector;
        this.controls = controls;
        this.settings = settings;
        this.log = log;
    }

    /** Has the daemon look at an association: it is to be opened, or closed, or a server's name is known. */
    void see(Association association) {
        controls.see(association);
    }

    /** How long the daemon may leave it alone. */
    long remainingNanos(Association association) {
        Control control = association.control;
        if (control != null && association.isClosed()) {
            return LINGER_NANOS - association.closedForNanos();
        }
        return control == null || !opening.contains(association) ? Long.MAX_VALUE : control.remainingNanos();
    }

    /** Does what is to be done, as the daemon. */
    void goOn(Association association, Selector awaited) {
        if (association.isClosed()) {
            if (!lingers(association)) {
                end(association);
            }
            return;
        }
        if (association.takeDropped()) {
            end(association);
        }
        Control control = association.control;
        try {
            if (control == null) {
                if (!association.isOpening()) {
                    return;
                }
                opening.add(association);
                requireUdp(association.via); // another association may have found out since
                control = new Control(association, this, awaited);
                association.control = control;
                control.begin(connector.associate(control, association));
            }
            boolean stood = control.stands();
            if (control.goOn() && !stood) {
                opening.remove(association);
                say(association, "relay " + control.relay());
                association.stands(control.relay());
            }
        } catch (IOException e) {
            ended(association, e);
        } catch (RuntimeException | Error e) {
            ended(association, Controls.fault(e));
        }
    }

    /** Whether a closed association still has its control connection, for the last datagram's sake. */
    private static boolean lingers(Association association) {
        Control control = association.control;
        if (control == null || !control.stands() || association.closedForNanos() >= LINGER_NANOS) {
            return false;
        }
        try {
            return control.goOn();
        } catch (IOException e) {
            return false; // the server has ended it
        }
    }

    private void ended(Association association, IOException reason) {
        boolean stood = !opening.contains(association);
        end(association);
        say(association, reason.toString());
        if (stood) {
            association.lost();
        } else {
            association.failed(reason);
        }
    }

    private void end(Association association) {
        opening.remove(association);
        if (association.control != null) {
            association.control.close();
            association.control = null;
        }
    }

    private void say(Association association, String what) {
        if (log.isEnabled(LogLevel.DEBUG)) {
            log("UDP association by " + association.via.record() + ": " + what);
        }
    }

    void log(String text) {
        log.log(LogLevel.DEBUG, text);
    }

    UdpRelay udpRelay() {
        return settings.udpRelay();
    }

    /** Remembers that a server carries no datagrams, and says so once. */
    void hasNoUdp(Hop hop, IOException reason) {
        ServerState server = hop.server();
        if (server != null) {
            server.withoutUdp(System.nanoTime());
            if (server.firstWarningOfUdp()) {
                log.log(LogLevel.WARN, hop.name() + " carries no datagrams: " + reason.getMessage());
            }
        }
    }

    /**
     * Tells whether any of the servers may carry datagrams.
     *
     * @throws SocketException if all are known not to
     */
    void requireUdp(Route.Via via) throws SocketException {
        long now = System.nanoTime();
        for (Server server : via.servers()) {
            if (!connector.state(server).isWithoutUdp(now)) {
                return;
            }
        }
        throw new SocketException("No UDP association: " + via.servers()
                + " carry no datagrams, as was seen before; udp=off, or records with NONE udp, let them go direct");
    }

    /**
     * Returns an address of the first server that has one, with its port; null if none is known. One that carries no datagrams
     * will do where there is no other: nothing is sent there.
     */
    @Nullable
    InetSocketAddress server(Route.Via via, DatagramOwner owner) {
        List<ServerState> order = connector.statesWithUdp(via);
        for (Server server : via.servers()) {
            order.add(connector.state(server));
        }
        for (ServerState state : order) {
            InetAddress[] addresses = state.addresses();
            for (InetAddress address : addresses == null ? new InetAddress[0] : addresses) {
                if (address.getAddress().length == 4 || owner.supportsIPv6()) {
                    return new InetSocketAddress(address, state.server.port());
                }
            }
        }
        return null;
    }

    /** Whether it is an address of one of the servers. */
    boolean isOfServer(Route.Via via, InetAddress address) {
        for (Server server : via.servers()) {
            InetAddress[] addresses = connector.state(server).addresses();
            if (addresses != null && List.of(addresses).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
