// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.GuardMode;
import dev.argyle.config.Settings;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of what would pass the servers by: what cannot be carried, and what no record but an implicit one covers. It
 * is refused, or reported and let go, or let go; and each thing is said once, with the place in the program that it comes
 * from. Safe for use by any thread.
 */
public final class Guard {
    /** A program that goes to more than this is not told of each. */
    private static final int MOST_REPORTS = 1000;

    private final RouteTable routes;
    private final Targets targets;
    private final NameService names;
    private final GuardMode uncarried;
    private final GuardMode uncovered;
    private final Log log;
    private final Set<String> said = new HashSet<>(); // guarded by itself

    Guard(Settings settings, Targets targets, NameService names, Log log) {
        routes = settings.routes();
        this.targets = targets;
        this.names = names;
        uncarried = settings.uncarried();
        uncovered = settings.uncovered();
        this.log = log;
    }

    /**
     * Decides on what cannot be carried.
     *
     * @param remote the target; null if it is not known
     * @param what begins the message
     * @throws SocketException if it would be routed and is refused, or if it goes to a stand-in
     */
    public void requireDirect(@Nullable InetSocketAddress remote, Transport transport, String what)
            throws SocketException {
        if (remote == null) {
            requireCarried(what, "its targets are not known here");
            return;
        }
        String name = targets.nameBehind(remote.getAddress());
        Target target =
                name == null ? targets.target(remote, transport) : new Target(name, null, remote.getPort(), transport);
        Route route = routes.route(target);
        String whole = what + " to " + target;
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + whole + ": " + route.record());
        }
        if (name != null) {
            throw new SocketException(whole + " cannot be carried, and the name is not looked up here ("
                    + route.record() + "); key bypass can let it go direct");
        }
        if (route instanceof Route.Via) {
            requireCarried(whole, route.record().toString());
        }
        requireCovered(whole, route);
    }

    /**
     * Decides on datagrams that no server is to carry.
     *
     * @param what with its destination, as a message says it
     * @param forMany whether they go to a group, or to all
     * @throws SocketException if they are refused
     */
    void requireUnrouted(String what, Route route, boolean forMany) throws SocketException {
        if (!(route instanceof Route.Via)) {
            requireCovered(what, route);
        } else if (forMany) {
            requireCarried(what, route.record().toString());
        } else {
            decide(
                    uncovered,
                    what + " would be routed (" + route.record() + "), and udp=off lets it go direct",
                    "udp=on carries it");
        }
    }

    /**
     * Decides on a datagram that cannot be carried.
     *
     * @return the same object, or the real address where a stand-in's route is direct
     * @throws IOException if it would be routed and is refused, or if there is no real address
     */
    public InetSocketAddress datagram(InetSocketAddress remote) throws IOException {
        String name = targets.nameBehind(remote.getAddress());
        if (name != null) {
            Target target = new Target(name, null, remote.getPort(), Transport.UDP);
            Route route = routes.route(target);
            if (route instanceof Route.Direct) {
                requireCovered("a datagram to " + target, route);
                return new InetSocketAddress(names.lookUp(name)[0], remote.getPort());
            }
        }
        requireDirect(remote, Transport.UDP, "a datagram");
        return remote;
    }

    /**
     * Decides on a group that a program wants to receive from.
     *
     * @throws SocketException if it is refused, by the routes or here
     */
    public void join(InetAddress group) throws SocketException {
        requireDirect(new InetSocketAddress(group, 0), Transport.UDP, "joining a multicast group");
    }

    /**
     * Decides on what goes direct, if only an implicit record says so.
     *
     * @param what with its destination, as a message says it
     * @throws SocketException if it is refused
     */
    void requireCovered(String what, Route route) throws SocketException {
        if (route == RouteTable.IMPLICIT) {
            decide(uncovered, what + " is covered by no record", "a record NONE lets it go direct");
        }
    }

    private void requireCarried(String what, String reason) throws SocketException {
        decide(
                uncarried,
                what + " would be routed (" + reason + ") and cannot be carried",
                "key bypass can let it go direct");
    }

    private void decide(GuardMode mode, String what, String advice) throws SocketException {
        switch (mode) {
            case OFF -> {}
            case AUDIT -> say(what + "; it goes direct, as guard=audit says");
            case ENFORCE -> {
                say(what + "; refused");
                throw new SocketException("Refused by the guard: " + what + "; " + advice
                        + ", guard=audit lets all such things go and reports them");
            }
        }
    }

    private void say(String text) {
        if (!log.isEnabled(LogLevel.WARN)) {
            return;
        }
        boolean last;
        synchronized (said) {
            if (said.size() >= MOST_REPORTS || !said.add(text)) {
                return;
            }
            last = said.size() == MOST_REPORTS;
        }
        log.log(LogLevel.WARN, text + ": " + CallSite.find());
        if (last) {
            log.log(LogLevel.WARN, "that was report " + MOST_REPORTS + " of the guard, and the last");
        }
    }
}
