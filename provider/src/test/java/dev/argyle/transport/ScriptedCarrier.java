// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A carrier that plays {@link ScriptedPeer peers}, and holds its user to the order of calls that the interface asks for. */
final class ScriptedCarrier implements Carrier {
    final List<InetSocketAddress> connects = new ArrayList<>();
    int disconnects;
    boolean supportsIPv6 = true;
    boolean closing;

    @Nullable
    IOException disconnectFailure;

    @Nullable
    IOException acquireFailure;

    @Nullable
    IOException releaseFailure;

    /** The application closes after so many calls of the carrier, which fail from then on. */
    int closesAfterCalls = Integer.MAX_VALUE;

    private final Map<InetSocketAddress, ScriptedPeer> peers = new HashMap<>();
    private final Map<InetSocketAddress, ByteArrayOutputStream> written = new HashMap<>();
    private @Nullable ScriptedPeer peer;
    private @Nullable InetSocketAddress address;
    private boolean acquired;
    private boolean released;
    private boolean connected;
    private boolean blocked;
    private int polls;
    private int calls;

    ScriptedCarrier at(InetSocketAddress where, ScriptedPeer who) {
        peers.put(where, who);
        return this;
    }

    /** What was sent to an address, in hexadecimal. */
    String sent(InetSocketAddress where) {
        ByteArrayOutputStream octets = written.get(where);
        return octets == null ? "" : HexFormat.of().formatHex(octets.toByteArray());
    }

    boolean isReleased() {
        return released;
    }

    int calls() {
        return calls;
    }

    /** How many octets the peer has sent that nobody has read. */
    int unread() {
        int octets = 0;
        for (ScriptedPeer.Event event : reached().events) {
            octets += event instanceof ScriptedPeer.Event.Octets some ? some.octets().length : 0;
        }
        return octets;
    }

    private ScriptedPeer reached() {
        if (peer == null) {
            throw new AssertionError("not connected, nor connecting");
        }
        return peer;
    }

    private void called(boolean order) throws IOException {
        if (!order) {
            throw new AssertionError("out of order");
        }
        calls++;
        if (calls > closesAfterCalls) {
            closing = true;
            throw new IOException("Bad file descriptor");
        }
    }

    @Override
    public boolean supportsIPv6() {
        return supportsIPv6;
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void acquire() throws IOException {
        called(!acquired);
        acquired = true;
        if (acquireFailure != null) {
            throw acquireFailure;
        }
    }

    @Override
    public void release() throws IOException {
        called(acquired && !released && connected);
        released = true;
        if (releaseFailure != null) {
            throw releaseFailure;
        }
    }

    @Override
    public boolean connect(InetSocketAddress to) throws IOException {
        called(acquired && !released && peer == null);
        connects.add(to);
        peer = peers.get(to);
        if (peer == null) {
            throw new AssertionError("nobody is expected at " + to);
        }
        address = to;
        polls = 0;
        connected = peer.connectsAtOnce;
        if (peer.refusalAtOnce != null) {
            throw peer.refusalAtOnce;
        }
        return connected;
    }

    @Override
    public boolean finishConnect() throws IOException {
        called(peer != null && !connected && !released);
        ScriptedPeer who = reached();
        if (who.refusal != null) {
            throw who.refusal;
        }
        connected = !who.unreachable && polls++ >= who.pendingPolls;
        return connected;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        called(connected && !released && dst.hasRemaining());
        ScriptedPeer.Event event = reached().events.peek();
        if (event == null) {
            return 0;
        }
        if (event instanceof ScriptedPeer.Event.Octets some) {
            reached().events.remove();
            int count = Math.min(dst.remaining(), some.octets().length);
            dst.put(some.octets(), 0, count);
            if (count < some.octets().length) {
                byte[] rest = java.util.Arrays.copyOfRange(some.octets(), count, some.octets().length);
                reached().events.addFirst(new ScriptedPeer.Event.Octets(rest));
            }
            return count;
        }
        if (event instanceof ScriptedPeer.Event.Failure failure) {
            throw failure.reason();
        }
        if (event instanceof ScriptedPeer.Event.Nothing) {
            reached().events.remove();
            return 0;
        }
        return -1;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        called(connected && !released && src.hasRemaining());
        int most = reached().writesAtMost;
        blocked = most != Integer.MAX_VALUE && !blocked;
        if (blocked) {
            return 0;
        }
        int count = Math.min(src.remaining(), most);
        byte[] octets = new byte[count];
        src.get(octets);
        written.computeIfAbsent(reachedAddress(), key -> new ByteArrayOutputStream())
                .writeBytes(octets);
        return count;
    }

    private InetSocketAddress reachedAddress() {
        if (address == null) {
            throw new AssertionError("not connected");
        }
        return address;
    }

    @Override
    public void disconnect() throws IOException {
        disconnects++;
        called(peer != null && !released);
        if (disconnectFailure != null) {
            throw disconnectFailure;
        }
        peer = null;
        connected = false;
    }
}
