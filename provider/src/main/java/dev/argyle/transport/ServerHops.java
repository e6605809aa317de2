// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of a route at their addresses. Only the first waits for a look-up that has not ended; the others are known by
 * then, or passed over. Used by one thread at a time.
 */
final class ServerHops implements Connect.HopSource {
    private final List<ServerState> order;
    private final Carrier carrier;
    private final ServerNames names;
    private final Timeouts timeouts;
    private final long endNanos;
    private final ConnectFailures failures;
    private final Log log;
    private final @Nullable Runnable whenLookedUp;
    private final long round;
    private final List<Hop> hops = new ArrayList<>();
    private int next;

    /**
     * @param order in which they are tried
     * @param endNanos when the application's timeout ends
     * @param whenLookedUp what to run instead of waiting, null for a caller that can wait
     */
    ServerHops(
            List<ServerState> order,
            Carrier carrier,
            ServerNames names,
            Timeouts timeouts,
            long endNanos,
            ConnectFailures failures,
            Log log,
            @Nullable Runnable whenLookedUp) {
        this.order = order;
        this.carrier = carrier;
        this.names = names;
        this.timeouts = timeouts;
        this.endNanos = endNanos;
        this.failures = failures;
        this.log = log;
        this.whenLookedUp = whenLookedUp;
        round = names.rounds();
    }

    @Override
    public @Nullable List<Hop> hops(boolean late) {
        long begin = System.nanoTime();
        long limit = Math.min(timeouts.reachNanos(), (endNanos - begin) / order.size());
        while (next < order.size()) {
            ServerState state = order.get(next);
            try {
                InetAddress[] addresses;
                if (whenLookedUp == null || late || !hops.isEmpty()) {
                    boolean waits = whenLookedUp == null && hops.isEmpty();
                    addresses = names.addresses(state, waits ? limit - (System.nanoTime() - begin) : 0);
                } else {
                    addresses = names.addresses(state, round, whenLookedUp);
                    if (addresses == null) {
                        return null;
                    }
                }
                add(state, addresses);
            } catch (UnknownHostException e) {
                failed(state, unreachable("its name cannot be looked up here", e));
            } catch (SocketTimeoutException e) {
                failed(state, unreachable("its name was not looked up in time", e));
            } catch (IOException e) {
                failed(state, e);
            }
            next++;
        }
        return hops;
    }

    private void add(ServerState state, InetAddress[] addresses) throws ConnectException {
        int before = hops.size();
        for (InetAddress address : addresses) {
            if (address.getAddress().length == 4 || carrier.supportsIPv6()) {
                warnOfClearText(state, address);
                hops.add(new Hop(state, new InetSocketAddress(address, state.server.port())));
            }
        }
        if (hops.size() == before) {
            throw new ConnectException("it has IPv6 addresses only, and this socket has no IPv6");
        }
    }

    private void failed(ServerState state, IOException e) {
        failures.addUnreachable(state.server, e);
        state.failed(System.nanoTime());
    }

    private static IOException unreachable(String message, IOException cause) {
        ConnectException unreachable = new ConnectException(message);
        unreachable.initCause(cause);
        return unreachable;
    }

    /** RFC 1929 sends the password as it is. */
    private void warnOfClearText(ServerState state, InetAddress address) {
        if (state.server.credentials() != null && !address.isLoopbackAddress() && state.firstWarning()) {
            log.log(LogLevel.WARN, "the password for " + state.server + " travels in clear text (RFC 1929)");
        }
    }
}
