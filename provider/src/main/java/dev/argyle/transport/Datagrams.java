// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.Settings;
import dev.argyle.config.UdpMode;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import dev.argyle.protocol.Address;
import dev.argyle.protocol.AddressType;
import dev.argyle.protocol.DatagramHeader;
import dev.argyle.protocol.Reassembly;
import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one socket: decides where each goes, and tells where each that comes is from (RFC 1928 section 7). One
 * thread at a time sends, and one receives; the two, and who connects and closes, need not be the same.
 */
public final class Datagrams {
    private static final byte[] NONE = {};

    /** So many senders are told apart without an effort; a power of 2. */
    private static final int SOURCES = 16;

    /** A socket that sends to more than this has the decisions on them made again. */
    private static final int MOST_PEERS = 1000;

    private final Settings settings;
    private final Targets targets;
    private final NameService names;
    private final Guard guard;
    private final OwnServers ownServers;
    private final Associations associations;
    private final DatagramOwner owner;
    private final Log log;

    private final Map<InetSocketAddress, Peer> peers = new ConcurrentHashMap<>();
    private final Set<InetSocketAddress> directs = ConcurrentHashMap.newKeySet(); // what they send to past the servers
    private volatile @Nullable Peer lastPeer;
    private volatile Association[] all = {}; // one for each list of servers; written with the lock of this

    /** Which name a port was sent to by; null where there were several, or an address. Guarded by this. */
    private final Map<Integer, @Nullable Peer> namesByPort = new HashMap<>();

    private volatile @Nullable Peer connected;
    private volatile @Nullable Source[] sources = new Source[SOURCES]; // written with the lock of this
    private byte @Nullable [] learned; // the address of a connected peer known by name; guarded by this
    private volatile @Nullable InetSocketAddress lastPassed;
    private volatile boolean inGroup;
    private volatile boolean closed;

    /** Where datagrams with this header are from; null if they are to be dropped. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Source(byte[] header, @Nullable InetSocketAddress address) {}

    Datagrams(
            Settings settings,
            Targets targets,
            NameService names,
            Guard guard,
            OwnServers ownServers,
            Associations associations,
            DatagramOwner owner,
            Log log) {
        this.settings = settings;
        this.targets = targets;
        this.names = names;
        this.guard = guard;
        this.ownServers = ownServers;
        this.associations = associations;
        this.owner = owner;
        this.log = log;
    }

    // ---- sending

    /**
     * Decides on a target, if that has not been done.
     *
     * @param target resolved
     * @throws SocketException if nothing must be sent to it
     * @throws UnknownHostException if it is a stand-in whose route is direct, and its name cannot be looked up
     * @throws IOException if there is no address of the socket's family
     */
    public Peer peer(InetSocketAddress target) throws IOException {
        Peer peer = known(target);
        if (peer == null) {
            peer = decide(target);
            if (peers.size() >= MOST_PEERS) {
                peers.clear();
                directs.clear();
            }
            peers.put(target, peer);
            lastPeer = peer;
        }
        return peer;
    }

    /** Returns what has been decided on a target; null if nothing has. */
    public @Nullable Peer known(InetSocketAddress target) {
        Peer peer = lastPeer;
        if (peer != null && peer.isFor(target)) {
            return peer;
        }
        peer = peers.get(target);
        if (peer == null || !peer.isFor(target)) {
            return null;
        }
        lastPeer = peer;
        return peer;
    }

    private Peer decide(InetSocketAddress target) throws IOException {
        if (ownServers.isReachedDirectly(target.getAddress())) {
            return direct(target, null, target);
        }
        String name = targets.nameBehind(target.getAddress());
        Address address = name == null
                ? Address.ip(target.getAddress().getAddress(), target.getPort())
                : Address.name(name, target.getPort());
        Target seen = name == null
                ? targets.target(target, Transport.UDP)
                : new Target(address.host(), null, target.getPort(), Transport.UDP);
        Route route = settings.routes().route(seen);
        if (log.isEnabled(LogLevel.DEBUG)) {
            log.log(LogLevel.DEBUG, "datagrams to " + seen + ": " + route);
        }
        String what = "a datagram to " + seen;
        if (route instanceof Route.Refuse) {
            throw new SocketException("Refused by the routes: " + what + ": " + route.record());
        }
        if (route instanceof Route.Via via && !isForMany(target.getAddress())) {
            if (settings.udp() == UdpMode.REFUSE) {
                throw new SocketException("Refused by udp=refuse: " + what + " (" + route.record() + ")");
            }
            if (settings.udp() == UdpMode.ON) {
                return routed(target, name, address, via);
            }
        }
        guard.requireUnrouted(what, route, isForMany(target.getAddress()));
        InetSocketAddress direct = name == null ? target : new InetSocketAddress(lookUp(name), target.getPort());
        return direct(target, name, direct);
    }

    private Peer direct(InetSocketAddress target, @Nullable String name, InetSocketAddress direct) {
        directs.add(direct);
        return owner.newPeer(new Peer.Decision(target, name, direct, NONE, null));
    }

    private InetAddress lookUp(String name) throws IOException {
        for (InetAddress address : names.lookUp(name)) {
            if (address instanceof Inet4Address || owner.supportsIPv6()) {
                return address;
            }
        }
        throw new SocketException("Protocol family unavailable: " + name + " has IPv6 addresses only");
    }

    /** No relay sends to a group, or to all. */
    static boolean isForMany(InetAddress address) {
        if (address.isMulticastAddress()) {
            return true;
        }
        for (byte octet : address.getAddress()) {
            if (octet != -1) {
                return false;
            }
        }
        return true;
    }

    private synchronized Peer routed(InetSocketAddress target, @Nullable String name, Address address, Route.Via via) {
        Association association = association(via);
        Peer peer = owner.newPeer(new Peer.Decision(target, name, null, DatagramHeader.of(address), association));
        Integer port = target.getPort();
        if (!namesByPort.containsKey(port)) {
            namesByPort.put(port, name == null ? null : peer);
        } else {
            Peer other = namesByPort.get(port);
            if (other != null && !other.target().equals(target)) {
                namesByPort.put(port, null);
            }
        }
        sources = new Source[SOURCES];
        return peer;
    }

    /** The one to these servers. */
    private Association association(Route.Via via) {
        for (Association each : all) {
            if (each.via.servers().equals(via.servers())) {
                return each;
            }
        }
        Association made = new Association(associations, via, owner);
        Association[] more = new Association[all.length + 1];
        System.arraycopy(all, 0, more, 0, all.length);
        more[all.length] = made;
        all = more;
        if (closed) {
            made.close();
        }
        return made;
    }

    /** Is told of the peer that the socket is connected to from now on; null: of none, any more. */
    public synchronized void connect(@Nullable Peer peer) {
        connected = peer;
        learned = null;
        sources = new Source[SOURCES];
        for (Association each : all) {
            each.setConnected(peer != null && peer.association() == each);
        }
    }

    /** Is told that the socket receives from a group: of what comes in it cannot be told whether it was sent there. */
    public void joined() {
        inGroup = true;
    }

    // ---- receiving

    /**
     * Tells where a datagram is from.
     *
     * @param datagram that has come in; of one from a relay, the payload is left between its position and its limit, cut
     *     to the room that it has if it was put together of fragments
     * @param from where it has come from
     * @return the same object for a datagram that no relay has sent, and which is whole; null for one to be dropped
     */
    public @Nullable InetSocketAddress source(ByteBuffer datagram, InetSocketAddress from) {
        Association association = from(from);
        if (association == null) {
            return isDirect(from) ? from : null;
        }
        int octets = DatagramHeader.length(datagram);
        if (octets < 0) {
            return null;
        }
        if (!isWhole(datagram, association)) {
            return null;
        }
        InetSocketAddress source = source(datagram, octets);
        if (source != null) {
            datagram.position(datagram.position() + octets);
        }
        return source;
    }

    /** Leaves a whole datagram in the buffer, if there is one now. After the first fragment, all are told to the reassembly. */
    @SuppressWarnings("ReferenceEquality") // the same buffer is what stands alone
    private static boolean isWhole(ByteBuffer datagram, Association association) {
        Reassembly reassembly = association.reassembly;
        if (reassembly == null) {
            if (DatagramHeader.fragment(datagram) == 0) {
                return true;
            }
            reassembly = new Reassembly();
            association.reassembly = reassembly;
        }
        ByteBuffer whole = reassembly.add(datagram, System.nanoTime());
        if (whole != null && whole != datagram) {
            datagram.clear();
            datagram.put(whole.limit(Math.min(whole.limit(), datagram.capacity())))
                    .flip();
        }
        return whole != null;
    }

    private @Nullable Association from(InetSocketAddress from) {
        for (Association each : all) {
            InetSocketAddress relay = each.standing();
            if (from.equals(relay)) {
                return each;
            }
        }
        return null;
    }

    /** Whether a datagram from there may come past the relays: not if one to there would go through them. */
    private boolean isDirect(InetSocketAddress from) {
        Peer peer = connected;
        if (peer != null && peer.direct() == null) {
            return false;
        }
        if (from.equals(lastPassed) || all.length == 0) {
            return true;
        }
        for (Association each : all) {
            if (each.isFormerRelay(from)) {
                return false;
            }
        }
        if (inGroup) {
            return true;
        }
        // a name may have let it go direct, of which its address knows nothing
        Target target = new Target(null, from.getAddress().getAddress(), from.getPort(), Transport.UDP);
        if (!directs.contains(from) && !(settings.routes().route(target) instanceof Route.Direct)) {
            return false;
        }
        lastPassed = from;
        return true;
    }

    private @Nullable InetSocketAddress source(ByteBuffer datagram, int octets) {
        Source source = sources[index(datagram, octets)];
        if (source == null || !isHeader(source.header, datagram, octets)) {
            source = find(datagram, octets);
        }
        return source.address;
    }

    /** Where it is kept who has such a header: by the last octets of its address and port, which differ most. */
    private static int index(ByteBuffer datagram, int octets) {
        int port = datagram.position() + octets - 2;
        return (datagram.get(port - 1) * 31 + datagram.get(port + 1)) & (SOURCES - 1);
    }

    /** Compares all but what fragments differ in. */
    private static boolean isHeader(byte[] header, ByteBuffer datagram, int octets) {
        if (header.length != octets) {
            return false;
        }
        int at = datagram.position();
        for (int i = 3; i < octets; i++) {
            if (datagram.get(at + i) != header[i]) {
                return false;
            }
        }
        return true;
    }

    private synchronized Source find(ByteBuffer datagram, int octets) {
        byte[] header = new byte[octets];
        for (int i = 0; i < octets; i++) {
            header[i] = datagram.get(datagram.position() + i);
        }
        Peer peer = connected;
        Address address = DatagramHeader.address(datagram);
        byte[] ip = ip(address);
        InetSocketAddress source;
        if (peer != null) {
            source = isOf(peer, address, ip) ? peer.target() : null;
        } else {
            source = unconnected(address, ip);
        }
        Source found = new Source(header, source);
        sources[index(datagram, octets)] = found;
        return found;
    }

    /** Returns the IP address, also of one that is written as a name; null for a name. */
    private static byte @Nullable [] ip(Address address) {
        return address.type() == AddressType.DOMAINNAME ? IpLiteral.parse(address.host()) : address.octets();
    }

    /** Whether the connected peer has sent it. Of one known by name the first to answer from its port is taken for it. */
    private boolean isOf(Peer peer, Address address, byte @Nullable [] ip) {
        if (address.port() != peer.target().getPort()) {
            return false;
        }
        String name = peer.name();
        if (ip == null) {
            return name != null && isName(address, name);
        }
        if (name == null) {
            return peer.target().getAddress().equals(inetAddress(ip));
        }
        if (learned == null) {
            learned = ip;
        }
        return Arrays.equals(ip, learned);
    }

    private @Nullable InetSocketAddress unconnected(Address address, byte @Nullable [] ip) {
        Peer byName = namesByPort.get(address.port());
        if (ip == null) {
            String name = byName == null ? null : byName.name();
            return byName != null && name != null && isName(address, name) ? byName.target() : named(address);
        }
        return byName != null ? byName.target() : new InetSocketAddress(inetAddress(ip), address.port());
    }

    private static boolean isName(Address address, String name) {
        return HostNames.normalize(address.host()).equals(HostNames.normalize(name));
    }

    /** A relay that tells where from by name. */
    private @Nullable InetSocketAddress named(Address address) {
        try {
            InetSocketAddress standIn =
                    targets.standInFor(InetSocketAddress.createUnresolved(address.host(), address.port()));
            return standIn.isUnresolved() ? null : standIn;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static InetAddress inetAddress(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- the end

    /** Ends the associations. Safe for use by any thread. */
    public void close() {
        List<Association> open = new ArrayList<>();
        synchronized (this) {
            closed = true;
            open.addAll(List.of(all));
        }
        for (Association each : open) {
            each.close();
        }
    }
}
