// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package java.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import sun.nio.ch.SocksGuard;
import sun.nio.ch.SocksPlatformDatagrams;

/**
 * A datagram socket of the platform's whose datagrams go through the engine, and that is the platform's in everything else.
 * Safe for use by any thread, but for what receives, connects and binds: {@code DatagramSocket} lets one thread at a time do
 * that.
 */
final class Socks5DatagramSocketImpl extends DatagramSocketImpl {
    /** Of what is peeked at: no datagram is longer. */
    private static final int LONGEST = 0xFFFF;

    /** Null until it is created. */
    private volatile SocksPlatformDatagrams datagrams;

    private volatile MulticastSocket platform;

    /** Where the datagram is from that has been peeked at and not been received. */
    private InetSocketAddress peeked;

    /** The thread whose bind has failed. */
    private volatile Thread bindFailed;

    @Override
    protected void create() throws SocketException {
        try {
            datagrams = SocksPlatformDatagrams.open();
            platform = datagrams.socket();
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            SocketException wrapped = new SocketException(e.getMessage());
            wrapped.initCause(e);
            throw wrapped;
        }
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        boolean failed = true;
        try {
            platform.bind(new InetSocketAddress(address, port));
            failed = false;
        } finally {
            bindFailed = failed ? Thread.currentThread() : null;
        }
    }

    /**
     * {@code NetMulticastSocket} closes its implementation after a bind that has failed, and does not hold itself for closed
     * then: the platform's own sockets can be bound again.
     */
    @Override
    protected void close() {
        if (bindFailed == Thread.currentThread()) {
            bindFailed = null;
            return;
        }
        SocksPlatformDatagrams opened = datagrams;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    protected void connect(InetAddress address, int port) throws SocketException {
        datagrams.connect(new InetSocketAddress(address, port));
        peeked = null;
    }

    @Override
    protected void disconnect() {
        datagrams.disconnect();
    }

    @Override
    protected int getLocalPort() {
        return platform.getLocalPort();
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        datagrams.send(packet);
    }

    @Override
    protected void receive(DatagramPacket packet) throws IOException {
        InetSocketAddress source = peeked;
        if (source == null) {
            source = datagrams.receive(packet.bufLength);
        }
        peeked = null;
        copy(source, packet);
    }

    @Override
    protected int peekData(DatagramPacket packet) throws IOException {
        if (peeked == null) {
            peeked = datagrams.receive(LONGEST);
        }
        copy(peeked, packet);
        return peeked.getPort();
    }

    /** Of IPv4 alone, as it has always been: the address is written into what is given. */
    @Override
    protected int peek(InetAddress address) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1);
        int port = peekData(packet);
        InetAddress.InetAddressHolder holder = packet.getAddress().holder();
        address.holder().address = holder.getAddress();
        address.holder().family = holder.getFamily();
        return port;
    }

    /** As the platform does it: what the packet has room for stays what it was. */
    private void copy(InetSocketAddress source, DatagramPacket packet) {
        ByteBuffer payload = datagrams.payload();
        synchronized (packet) {
            packet.length = Math.min(payload.remaining(), packet.bufLength);
            payload.get(payload.position(), packet.buf, packet.offset, packet.length);
            packet.setAddress(source.getAddress());
            packet.setPort(source.getPort());
        }
    }

    // ---- multicast

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected void setTTL(byte ttl) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(ttl));
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        platform.setTimeToLive(ttl);
    }

    @Override
    protected int getTimeToLive() throws IOException {
        return platform.getTimeToLive();
    }

    @Override
    @SuppressWarnings("deprecation") // its exceptions are those of the program's own call
    protected void join(InetAddress group) throws IOException {
        SocksGuard.join(group);
        platform.joinGroup(group);
        datagrams.joined();
    }

    @Override
    @SuppressWarnings("deprecation") // its exceptions are those of the program's own call
    protected void leave(InetAddress group) throws IOException {
        platform.leaveGroup(group);
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface by) throws IOException {
        SocksGuard.join(((InetSocketAddress) group).getAddress());
        platform.joinGroup(group, by);
        datagrams.joined();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface by) throws IOException {
        platform.leaveGroup(group, by);
    }

    // ---- options

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return platform.supportedOptions();
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        platform.setOption(option, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return platform.getOption(option);
    }

    @Override
    @SuppressWarnings("deprecation") // what NetMulticastSocket knows them by
    public void setOption(int option, Object value) throws SocketException {
        switch (option) {
            case SO_TIMEOUT -> datagrams.setSoTimeout((int) value);
            case SO_SNDBUF -> platform.setSendBufferSize((int) value);
            case SO_RCVBUF -> platform.setReceiveBufferSize((int) value);
            case SO_REUSEADDR -> platform.setReuseAddress((boolean) value);
            case SO_BROADCAST -> platform.setBroadcast((boolean) value);
            case IP_TOS -> platform.setTrafficClass((int) value);
            case IP_MULTICAST_IF -> platform.setInterface((InetAddress) value);
            case IP_MULTICAST_IF2 -> platform.setNetworkInterface((NetworkInterface) value);
            case IP_MULTICAST_LOOP -> platform.setLoopbackMode((boolean) value);
            default -> throw new SocketException("Unknown option: " + option);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // what NetMulticastSocket knows them by
    public Object getOption(int option) throws SocketException {
        return switch (option) {
            case SO_TIMEOUT -> datagrams.getSoTimeout();
            case SO_SNDBUF -> platform.getSendBufferSize();
            case SO_RCVBUF -> platform.getReceiveBufferSize();
            case SO_REUSEADDR -> platform.getReuseAddress();
            case SO_BROADCAST -> platform.getBroadcast();
            case SO_BINDADDR -> platform.getLocalAddress();
            case IP_TOS -> platform.getTrafficClass();
            case IP_MULTICAST_IF -> platform.getInterface();
            case IP_MULTICAST_IF2 -> platform.getNetworkInterface();
            case IP_MULTICAST_LOOP -> platform.getLoopbackMode();
            default -> throw new SocketException("Unknown option: " + option);
        };
    }
}
