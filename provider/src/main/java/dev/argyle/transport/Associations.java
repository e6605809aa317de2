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
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the associations of all sockets and watches their control connections: one daemon thread, from the first association
 * on, which nobody's datagrams pass through. Safe for use by any thread.
 */
final class Associations implements Runnable {
    private final Connector connector;
    private final Settings settings;
    private final Log log;
    private final Queue<Association> due = new ConcurrentLinkedQueue<>();
    private final Set<Association> opening = new HashSet<>(); // the daemon's
    private volatile @Nullable Thread thread;
    private @Nullable Selector selector; // written before thread

    Associations(Connector connector, Settings settings, Log log) {
        this.connector = connector;
        this.settings = settings;
        this.log = log;
    }

    /** Whether this thread is the daemon, whose connections go direct. */
    boolean isDaemon() {
        return Thread.currentThread() == thread;
    }

    /** Has the daemon look at an association: it is to be opened, or closed, or a server's name is known. */
    void see(Association association) {
        due.add(association);
        try {
            daemonsSelector(association).wakeup();
        } catch (IOException e) {
            notSeen(association, e);
        } catch (OutOfMemoryError e) { // what the JDK throws where no thread can be had
            notSeen(association, fault(e));
        }
    }

    private void notSeen(Association association, IOException reason) {
        boolean unused = due.remove(association);
        association.failed(reason);
    }

    private static SocketException fault(Throwable e) {
        SocketException fault = new SocketException("Argyle has failed: " + e);
        fault.initCause(e);
        return fault;
    }

    private synchronized Selector daemonsSelector(Association first) throws IOException {
        Selector awaited = selector;
        if (awaited == null) {
            awaited = first.owner.provider().openSelector();
            selector = awaited;
            Thread daemon = daemon();
            thread = daemon;
            boolean started = false;
            try {
                daemon.start();
                started = true;
            } finally {
                if (!started) {
                    selector = null;
                    awaited.close();
                }
            }
        }
        return awaited;
    }

    /** It must not keep the protection domains of the program that happens to need it first (up to Java 23). */
    @SuppressWarnings("removal")
    private Thread daemon() {
        return AccessController.doPrivileged(new PrivilegedAction<Thread>() {
            @Override
            public Thread run() {
                Thread daemon = new Thread(null, Associations.this, "argyle-associations", 0, false);
                daemon.setDaemon(true);
                daemon.setContextClassLoader(null);
                return daemon;
            }
        });
    }

    @Override
    public void run() {
        Selector awaited = selector;
        if (awaited == null) {
            throw new IllegalStateException("Not begun");
        }
        while (true) {
            try {
                boolean unused = Thread.interrupted(); // it would not wait; a program may interrupt all that it finds
                awaited.select(timeoutMillis());
            } catch (IOException | RuntimeException | Error e) {
                say(e);
            }
            for (SelectionKey key : awaited.selectedKeys()) {
                see((Association) key.attachment(), awaited);
            }
            awaited.selectedKeys().clear();
            for (Association next = due.poll(); next != null; next = due.poll()) {
                see(next, awaited);
            }
            for (Association each : new ArrayList<>(opening)) {
                if (each.control != null && each.control.remainingNanos() <= 1) {
                    see(each, awaited);
                }
            }
        }
    }

    /** One socket's fault shall not be another's. */
    private void see(Association association, Selector awaited) {
        try {
            goOn(association, awaited);
        } catch (RuntimeException | Error e) {
            say(e);
        }
    }

    private void say(Throwable e) {
        log.log(LogLevel.ERROR, "the watch over UDP associations: " + e);
    }

    private long timeoutMillis() {
        long nanos = Long.MAX_VALUE;
        for (Association each : opening) {
            if (each.control != null) {
                nanos = Math.min(nanos, each.control.remainingNanos());
            }
        }
        return nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private void goOn(Association association, Selector awaited) {
        boolean ends = association.isClosed();
        if (ends || association.takeDropped()) {
            end(association);
        }
        if (ends) {
            return;
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
            ended(association, fault(e));
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
