// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Authentication;
import dev.argyle.protocol.UserPassword;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Server;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a server: its addresses, and whether it failed lately. Safe for use by any thread.
 */
final class ServerState {
    /** How long a server that failed is tried after the others. */
    static final long FAILED_FOR_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How long it is remembered that a server carries no datagrams. */
    static final long WITHOUT_UDP_FOR_NANOS = TimeUnit.MINUTES.toNanos(10);

    final Server server;
    final List<Authentication> authentications;

    /** Set if the server is given by address; with a zone, it must be looked up among this machine's interfaces. */
    final boolean literal;

    private final byte @Nullable [] octets;

    private volatile InetAddress @Nullable [] addresses;
    private volatile @Nullable UnknownHostException unknown;
    private volatile boolean failed;
    private volatile long failedAtNanos;
    private volatile boolean withoutUdp;
    private volatile long withoutUdpSinceNanos;
    private boolean warned; // guarded by this
    private boolean warnedOfUdp; // guarded by this

    ServerState(Server server) {
        this.server = server;
        authentications = server.credentials() == null
                ? List.of(Authentication.NONE)
                : List.of(Authentication.NONE, new UserPassword(server.credentials()));
        octets = server.host().indexOf('%') < 0 ? IpLiteral.parse(server.host()) : null;
        literal = octets != null;
    }

    /**
     * The addresses as they were last looked up, or null if they never were with success. Made of a literal only when
     * asked for, since this object is made before the program starts, and InetAddress must not be loaded then.
     */
    InetAddress @Nullable [] addresses() {
        if (octets != null && addresses == null) {
            try {
                addresses = new InetAddress[] {InetAddress.getByAddress(octets)};
            } catch (UnknownHostException e) {
                throw new IllegalStateException(server.host(), e);
            }
        }
        return addresses;
    }

    /** Why the last look-up failed, or null if it did not. */
    @Nullable
    UnknownHostException unknown() {
        return unknown;
    }

    /** Looks the name up; what was known before stays if it cannot be. */
    void lookUp(NameService names) {
        try {
            addresses = names.lookUp(server.host());
            unknown = null;
        } catch (UnknownHostException e) {
            unknown = e;
        }
    }

    void failed(long nowNanos) {
        failedAtNanos = nowNanos;
        failed = true;
    }

    void succeeded() {
        if (failed) {
            failed = false;
        }
    }

    boolean failedLately(long nowNanos) {
        return failed && nowNanos - failedAtNanos < FAILED_FOR_NANOS;
    }

    void withoutUdp(long nowNanos) {
        withoutUdpSinceNanos = nowNanos;
        withoutUdp = true;
    }

    /** Whether it is known to carry no datagrams. */
    boolean isWithoutUdp(long nowNanos) {
        return withoutUdp && nowNanos - withoutUdpSinceNanos < WITHOUT_UDP_FOR_NANOS;
    }

    /** Whether this is the first time it is asked: that a server carries no datagrams is said once. */
    synchronized boolean firstWarningOfUdp() {
        boolean first = !warnedOfUdp;
        warnedOfUdp = true;
        return first;
    }

    /** Whether this is the first time it is asked: a warning about a server is given once. */
    synchronized boolean firstWarning() {
        boolean first = !warned;
        warned = true;
        return first;
    }
}
