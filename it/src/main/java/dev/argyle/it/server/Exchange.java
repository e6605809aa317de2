// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedServer} saw of one connection, filled in as it goes on.
 *
 * <p>Written by the connection's thread, then by the relay's; read by any.
 */
public final class Exchange extends Tally {
    /** The value of an octet that was not seen or not sent. */
    public static final int NONE = -1;

    private final InetSocketAddress client;
    private final List<Fault> faults;
    private final Runnable changed;

    private volatile List<Integer> methods = List.of();
    private volatile int method = NONE;
    private volatile String userName = "";
    private volatile int command = NONE;
    private volatile int addressType = NONE;
    private volatile String host = "";
    private volatile int port = NONE;
    private volatile int reply = NONE;
    private volatile String problem = "";
    private volatile @Nullable InetSocketAddress target;
    private volatile @Nullable InetSocketAddress outbound;
    private volatile @Nullable Association association;
    private volatile @Nullable InetSocketAddress listening;
    private volatile @Nullable InetSocketAddress peer;
    private volatile int secondReply = NONE;

    Exchange(InetSocketAddress client, List<Fault> faults, Runnable changed) {
        this.client = client;
        this.faults = faults;
        this.changed = changed;
    }

    /** Where the client connected from. */
    public InetSocketAddress client() {
        return client;
    }

    /** The faults that this connection met. */
    public List<Fault> faults() {
        return faults;
    }

    /** The METHODS of the greeting, in the client's order; empty if none was read. */
    public List<Integer> methods() {
        return methods;
    }

    /** The METHOD octet that was sent, or {@link #NONE}. */
    public int method() {
        return method;
    }

    /** The UNAME that the client sent, right or wrong; empty if none was read. */
    public String userName() {
        return userName;
    }

    /** The CMD of the request, or {@link #NONE} if none was read. */
    public int command() {
        return command;
    }

    /** The ATYP of the request, or {@link #NONE}. */
    public int addressType() {
        return addressType;
    }

    /** The DST.ADDR of the request: the name as sent, or the address in the JDK's spelling; empty if none was read. */
    public String host() {
        return host;
    }

    /** The DST.PORT of the request, or {@link #NONE}. */
    public int port() {
        return port;
    }

    /** The REP octet that was sent, or {@link #NONE}. */
    public int reply() {
        return reply;
    }

    /** What the client did against the RFCs, or how the exchange failed; empty if nothing. */
    public String problem() {
        return problem;
    }

    /** Where the server connected to, or null. */
    public @Nullable InetSocketAddress target() {
        return target;
    }

    /** The server's own address and port towards the target, or null. */
    public @Nullable InetSocketAddress outbound() {
        return outbound;
    }

    /** The association that the request made, or null. */
    public @Nullable Association association() {
        return association;
    }

    /** Where the server listens, or has listened, for the peer of the BIND that was requested, or null. */
    public @Nullable InetSocketAddress listening() {
        return listening;
    }

    /** Where the peer connected from for which the server has listened, or null. */
    public @Nullable InetSocketAddress peer() {
        return peer;
    }

    /** The REP octet of the second reply to BIND that was sent, or {@link #NONE}. */
    public int secondReply() {
        return secondReply;
    }

    void greeted(List<Integer> offered) {
        methods = offered;
        changed.run();
    }

    void methodSent(int octet) {
        method = octet;
        changed.run();
    }

    void authenticated(String name) {
        userName = name;
        changed.run();
    }

    void requested(int cmd, int atyp, String dstHost, int dstPort) {
        addressType = atyp;
        host = dstHost;
        port = dstPort;
        // last: who sees a command sees the rest
        command = cmd;
        changed.run();
    }

    void connected(InetSocketAddress to, InetSocketAddress from) {
        target = to;
        outbound = from;
        changed.run();
    }

    void associated(Association made) {
        association = made;
        changed.run();
    }

    void listens(InetSocketAddress at) {
        listening = at;
        changed.run();
    }

    void visited(InetSocketAddress by) {
        peer = by;
        changed.run();
    }

    void replied(int rep) {
        if (listening != null && reply != NONE) {
            secondReply = rep;
        } else {
            reply = rep;
        }
        changed.run();
    }

    void problem(String what) {
        problem = what;
        changed.run();
    }

    @Override
    void ended(Ending how) {
        super.ended(how);
        changed.run();
    }

    @Override
    public String toString() {
        return "Exchange[client=" + client + ", methods=" + methods + ", method=" + method + ", command=" + command
                + ", host=" + host + ", port=" + port + ", reply=" + reply + ", outbound=" + outbound + ", listening="
                + listening + ", peer=" + peer + ", secondReply=" + secondReply + ", up=" + up()
                + ", down=" + down() + ", ending=" + ending() + ", problem=" + problem + "]";
    }
}
