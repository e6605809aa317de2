// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Credentials;
import dev.argyle.protocol.Handshake;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to {@code target.test:80} over a {@link ScriptedCarrier}, and what drives them. */
final class Connects {
    static final Address TARGET = Address.name("target.test", 80);

    /** CONNECT target.test:80. */
    static final String REQUEST = "050100030b7461726765742e746573740050";

    private static final long PATIENT_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final long HANGS_AFTER_NANOS = TimeUnit.SECONDS.toNanos(10);

    final ScriptedCarrier carrier = new ScriptedCarrier();
    final List<Hop> hops = new ArrayList<>();
    final ConnectFailures failures = new ConnectFailures(Command.CONNECT, TARGET);
    Timeouts timeouts = new Timeouts(PATIENT_MILLIS, PATIENT_MILLIS);
    long timeoutMillis = PATIENT_MILLIS;
    Connect.@Nullable HopSource lastResort;

    /** Adds a server, the first of them 192.0.2.1:1080, the second 192.0.2.2:1080 and so on. */
    Connects server(ScriptedPeer... atItsAddresses) {
        return server(null, atItsAddresses);
    }

    Connects server(@Nullable Credentials credentials, ScriptedPeer... atItsAddresses) {
        InetSocketAddress first = address(carrierAddresses() + 1, 1080);
        ServerState state =
                new ServerState(new Server(first.getAddress().getHostAddress(), first.getPort(), true, credentials));
        for (ScriptedPeer peer : atItsAddresses) {
            add(state, peer);
        }
        return this;
    }

    private void add(@Nullable ServerState state, ScriptedPeer peer) {
        InetSocketAddress address = address(carrierAddresses() + 1, state == null ? 80 : 1080);
        carrier.at(address, peer);
        hops.add(new Hop(state, address));
    }

    /** Adds the target itself. */
    Connects direct(ScriptedPeer peer) {
        add(null, peer);
        return this;
    }

    /** Lets the connect go direct, to 192.0.2.99:80. */
    Connects resort(ScriptedPeer peer) {
        InetSocketAddress address = address(99, 80);
        carrier.at(address, peer);
        lastResort = late -> List.of(new Hop(null, address));
        return this;
    }

    private int carrierAddresses() {
        return hops.size();
    }

    static InetSocketAddress address(int number, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) number}), port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    InetSocketAddress address(int hop) {
        return hops.get(hop).address();
    }

    ServerState state(int hop) {
        ServerState state = hops.get(hop).server();
        if (state == null) {
            throw new AssertionError("hop " + hop + " is the target itself");
        }
        return state;
    }

    boolean failedLately(int hop) {
        return state(hop).failedLately(System.nanoTime());
    }

    Connect connect() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        return new Connect(
                carrier,
                server -> Handshake.connect(TARGET, server.authentications),
                late -> hops,
                lastResort,
                timeouts,
                end,
                failures);
    }

    /** Advances until the connection stands. */
    Connect drive() throws IOException {
        Connect connect = connect();
        drive(connect);
        return connect;
    }

    static void drive(Connect connect) throws IOException {
        long begin = System.nanoTime();
        while (!connect.advance()) {
            if (System.nanoTime() - begin > HANGS_AFTER_NANOS) {
                throw new AssertionError("the connect does not end");
            }
            Thread.onSpinWait();
        }
    }

    /** What driving ends with. */
    IOException failure() {
        try {
            drive();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("the connection stands");
    }
}
