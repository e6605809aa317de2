// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.route.HostNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;

/**
 * The servers of an engine, as targets. A thread that is marked reaches them directly, whatever the routes say: it works for
 * a client of ours, which talks to them itself. All else goes its way for such a thread, too. Safe for use by any thread.
 */
public final class OwnServers {
    private static final ThreadLocal<Boolean> MARK = new ThreadLocal<>();

    /** To ask a thread-local leaves an entry in each thread, which a program without our client need not have. */
    private static volatile boolean used;

    private final Collection<ServerState> servers;
    private final NameService names;

    OwnServers(Collection<ServerState> servers, NameService names) {
        this.servers = servers;
        this.names = names;
    }

    /**
     * Marks this thread, or takes its mark away.
     *
     * @return whether it was marked before, to be set again afterwards
     */
    public static boolean mark(boolean marked) {
        boolean before = isMarked();
        if (marked) {
            used = true;
            MARK.set(Boolean.TRUE);
        } else {
            MARK.remove();
        }
        return before;
    }

    private static boolean isMarked() {
        return used && MARK.get() != null;
    }

    /** Returns whether this thread is marked, and a server listens there. */
    boolean isReachedDirectly(InetSocketAddress remote) {
        if (isMarked()) {
            for (ServerState each : servers) {
                if (each.server.port() == remote.getPort() && isAt(each, remote.getAddress())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether this thread is marked, and a server has this address: its relay may be at any port. */
    boolean isReachedDirectly(InetAddress address) {
        if (isMarked()) {
            for (ServerState each : servers) {
                if (isAt(each, address)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A name may have other addresses for one who has looked it up at another time. */
    private boolean isAt(ServerState server, InetAddress address) {
        InetAddress[] known = server.addresses();
        if (known != null && List.of(known).contains(address)) {
            return true;
        }
        String name = Targets.carriedName(address);
        return HostNames.normalize(name).equals(HostNames.normalize(server.server.host())) && names.gave(name, address);
    }
}
