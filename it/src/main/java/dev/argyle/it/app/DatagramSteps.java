// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/**
 * What a program sees of datagram sockets, one line for each step: {@code name: outcome}. Everything stays on loopback, ports
 * are not printed, and the program is the same each time it runs.
 *
 * <p>Arguments: an address of this machine for the far sides.
 */
public final class DatagramSteps {
    private static final int LONGEST = 65_507;
    private static final int TIMEOUT_MILLIS = 100;

    private static String group = "";

    private DatagramSteps() {}

    /** Something that can be done. */
    private interface Step {
        void run() throws Exception;
    }

    /** Takes all steps. */
    public static void main(String[] args) throws Exception {
        InetAddress far = InetAddress.getByName(args[0]);
        options("datagram", new DatagramSocket(null));
        options("multicast", new MulticastSocket(null));
        numbers();
        states();
        packets(far);
        connected(far);
        waiting(far);
        multicast();
        errors(far);
        closed();
    }

    private static void see(String name, Callable<?> step) {
        String outcome;
        try {
            outcome = String.valueOf(step.call());
        } catch (Exception e) {
            outcome = e.toString();
        }
        System.out.println(group + " " + name + ": " + outcome);
    }

    private static void doing(String name, Step step) {
        see(name, () -> {
            step.run();
            return "done";
        });
    }

    private static DatagramSocket bound(InetAddress address) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, address);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static DatagramPacket packet(String text) {
        return new DatagramPacket(text.getBytes(US_ASCII), text.length());
    }

    private static DatagramPacket packet(String text, DatagramSocket to) {
        return new DatagramPacket(text.getBytes(US_ASCII), text.length(), to.getLocalSocketAddress());
    }

    private static DatagramPacket room(int length) {
        return new DatagramPacket(new byte[length], length);
    }

    /** The text, and whether it is from there. */
    private static String received(DatagramSocket socket, DatagramPacket packet, DatagramSocket from)
            throws IOException {
        socket.receive(packet);
        return text(packet)
                + (packet.getSocketAddress().equals(from.getLocalSocketAddress()) ? " from it" : " from else");
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), packet.getOffset(), packet.getLength(), US_ASCII);
    }

    // ---- options

    private static void options(String kind, DatagramSocket opened) throws IOException {
        group = kind + " options";
        try (DatagramSocket socket = opened) {
            List<SocketOption<?>> options = socket.supportedOptions().stream()
                    .sorted(Comparator.<SocketOption<?>, String>comparing(SocketOption::name))
                    .toList();
            see("supported", () -> options);
            for (SocketOption<?> option : options) {
                see(option.name(), () -> socket.getOption(option));
                see("none for " + option.name(), () -> socket.setOption(option, null) == socket);
            }
            set(socket, StandardSocketOptions.SO_SNDBUF, 20_000);
            set(socket, StandardSocketOptions.SO_RCVBUF, 30_000);
            set(socket, StandardSocketOptions.SO_REUSEADDR, true);
            set(socket, StandardSocketOptions.SO_REUSEPORT, true);
            set(socket, StandardSocketOptions.SO_BROADCAST, false);
            set(socket, StandardSocketOptions.IP_TOS, 8);
            set(socket, StandardSocketOptions.IP_MULTICAST_IF, loopback());
            set(socket, StandardSocketOptions.IP_MULTICAST_TTL, 7);
            set(socket, StandardSocketOptions.IP_MULTICAST_LOOP, false);
            see("not supported", () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
            see("not supported, set", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
            see("channel", socket::getChannel);
        }
    }

    private static <T> void set(DatagramSocket socket, SocketOption<T> option, T value) {
        see("set " + option.name(), () -> socket.setOption(option, value).getOption(option));
    }

    private static NetworkInterface loopback() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    }

    @SuppressWarnings("deprecation") // programs still use some
    private static void numbers() throws IOException {
        group = "numbers";
        try (MulticastSocket socket = new MulticastSocket(null)) {
            see("timeout", socket::getSoTimeout);
            doing("set timeout", () -> socket.setSoTimeout(TIMEOUT_MILLIS));
            see("timeout", socket::getSoTimeout);
            doing("negative timeout", () -> socket.setSoTimeout(-1));
            doing("set send buffer", () -> socket.setSendBufferSize(20_000));
            see("send buffer", socket::getSendBufferSize);
            doing("set receive buffer", () -> socket.setReceiveBufferSize(20_000));
            see("receive buffer", socket::getReceiveBufferSize);
            see("reuse", socket::getReuseAddress);
            doing("set reuse", () -> socket.setReuseAddress(false));
            see("reuse", socket::getReuseAddress);
            see("broadcast", socket::getBroadcast);
            doing("set broadcast", () -> socket.setBroadcast(false));
            see("broadcast", socket::getBroadcast);
            doing("set traffic class", () -> socket.setTrafficClass(16));
            see("traffic class", socket::getTrafficClass);
            see("ttl", socket::getTimeToLive);
            doing("set ttl", () -> socket.setTimeToLive(200));
            see("ttl", socket::getTimeToLive);
            see("interface", socket::getInterface);
            see("network interface", () -> socket.getNetworkInterface().getIndex());
            doing("set network interface", () -> socket.setNetworkInterface(loopback()));
            see("network interface", socket::getNetworkInterface);
            doing("set interface", () -> socket.setInterface(InetAddress.getLoopbackAddress()));
            see("interface", socket::getInterface);
            doing("set interface of elsewhere", () -> socket.setInterface(InetAddress.getByName("192.0.2.1")));
            doing("no network interface", () -> socket.setNetworkInterface(null));
            see("loopback mode", socket::getLoopbackMode);
            doing("set loopback mode", () -> socket.setLoopbackMode(true));
            see("loopback mode", socket::getLoopbackMode);
            see("loop", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
        }
    }

    // ---- states and addresses

    private static void states() throws Exception {
        group = "states";
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket other = bound(loopback);
                DatagramSocket socket = new DatagramSocket(null)) {
            state(socket);
            doing("bind to a port in use", () -> socket.bind(other.getLocalSocketAddress()));
            state(socket);
            doing("bind", () -> socket.bind(new InetSocketAddress(loopback, 0)));
            state(socket);
            doing("connect", () -> socket.connect(other.getLocalSocketAddress()));
            state(socket);
            see("peer", () -> socket.getRemoteSocketAddress().equals(other.getLocalSocketAddress()));
            see("its port", () -> socket.getPort() == other.getLocalPort());
            doing("disconnect", socket::disconnect);
            state(socket);
        }
        try (DatagramSocket other = bound(loopback);
                DatagramSocket socket = new DatagramSocket()) {
            state(socket);
            doing("connect", () -> socket.connect(loopback, other.getLocalPort()));
            state(socket);
            doing("connect again", () -> socket.connect(loopback, other.getLocalPort()));
            state(socket);
            int port = socket.getLocalPort();
            doing("disconnect", socket::disconnect);
            see("same port", () -> socket.getLocalPort() == port);
            state(socket);
        }
        doing("constructor, port in use", () -> {
            try (DatagramSocket other = bound(loopback)) {
                new DatagramSocket(other.getLocalPort(), loopback).close();
            }
        });
    }

    private static void state(DatagramSocket socket) {
        see(
                "state",
                () -> (socket.isBound() ? "bound " : "") + (socket.isConnected() ? "connected " : "")
                        + (socket.isClosed() ? "closed " : "") + socket.getLocalAddress() + " "
                        + socket.getInetAddress() + " " + Integer.signum(socket.getLocalPort()) + " "
                        + Integer.signum(socket.getPort()) + " "
                        + (socket.getLocalSocketAddress() instanceof InetSocketAddress local
                                ? local.getAddress()
                                : null)
                        + " " + (socket.getRemoteSocketAddress() == null));
    }

    // ---- packets

    private static void packets(InetAddress far) throws IOException {
        group = "packets";
        try (DatagramSocket socket = new DatagramSocket();
                DatagramSocket peer = bound(far)) {
            socket.setSoTimeout(10_000);
            doing("send", () -> socket.send(packet("one", peer)));
            DatagramPacket request = room(100);
            doing("receive", () -> peer.receive(request));
            see("text", () -> text(request));
            see("from this port", () -> request.getPort() == socket.getLocalPort());
            request.setData("answer".getBytes(US_ASCII));
            doing("answer", () -> peer.send(request));
            see("receive", () -> received(socket, room(100), peer));
            DatagramPacket small = room(3);
            peer.send(request);
            see("truncated", () -> received(socket, small, peer));
            peer.send(request);
            see("truncated again", () -> received(socket, small, peer));
            request.setLength(0);
            peer.send(request);
            see("empty", () -> received(socket, small, peer));
            request.setLength(2);
            peer.send(request);
            see("after an empty one", () -> received(socket, small, peer));
            peer.send(request);
            DatagramPacket inside = new DatagramPacket(new byte[10], 4, 5);
            see("with an offset", () -> received(socket, inside, peer));
            see("offset", () -> inside.getOffset() + " " + inside.getData().length);
            peer.send(request);
            see("no room", () -> received(socket, room(0), peer));
            byte[] most = new byte[LONGEST];
            most[LONGEST - 1] = 'z';
            peer.send(new DatagramPacket(most, LONGEST, request.getSocketAddress()));
            DatagramPacket all = room(LONGEST);
            socket.receive(all);
            see("longest", () -> all.getLength() + " " + (char) all.getData()[LONGEST - 1]);
            DatagramPacket unset = packet("nobody");
            doing("to nobody", () -> socket.send(unset));
            doing(
                    "too long",
                    () -> socket.send(
                            new DatagramPacket(new byte[LONGEST + 1], LONGEST + 1, peer.getLocalSocketAddress())));
        }
    }

    // ---- connected

    private static void connected(InetAddress far) throws IOException {
        group = "connected";
        try (DatagramSocket socket = bound(InetAddress.getLoopbackAddress());
                DatagramSocket peer = bound(far);
                DatagramSocket stranger = bound(far)) {
            stranger.send(packet("before the connect", socket));
            peer.send(packet("from the peer before the connect", socket));
            socket.connect(peer.getLocalSocketAddress());
            stranger.send(packet("stranger", socket));
            DatagramPacket ping = packet("ping");
            doing("send without an address", () -> socket.send(ping));
            see("address of the packet", () -> ping.getSocketAddress().equals(peer.getLocalSocketAddress()));
            see("at the peer", () -> received(peer, room(100), socket));
            doing("send with its address", () -> socket.send(packet("pong", peer)));
            see("at the peer", () -> received(peer, room(100), socket));
            peer.send(packet("answer", socket));
            see("from the peer alone", () -> received(socket, room(100), peer));
            socket.disconnect();
            stranger.send(packet("stranger", socket));
            see("disconnected", () -> received(socket, room(100), stranger));
            socket.connect(stranger.getLocalSocketAddress());
            peer.send(packet("peer", socket));
            stranger.send(packet("new peer", socket));
            see("connected to another", () -> received(socket, room(100), stranger));
            stranger.close();
            socket.send(packet("into nothing"));
            see("no peer any more", () -> received(socket, room(100), peer));
        }
    }

    // ---- what waits

    private static void waiting(InetAddress far) throws Exception {
        group = "waiting";
        try (DatagramSocket socket = bound(InetAddress.getLoopbackAddress());
                DatagramSocket peer = bound(far)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DatagramPacket packet = room(10);
            long start = System.nanoTime();
            doing("timeout", () -> socket.receive(packet));
            see("waited", () -> System.nanoTime() - start >= TIMEOUT_MILLIS * 1_000_000L);
            see("length", packet::getLength);
            doing("timeout again", () -> socket.receive(packet));
            socket.setSoTimeout(10_000);
            Thread.currentThread().interrupt();
            peer.send(packet("one", socket));
            see("interrupted before", () -> received(socket, packet, peer));
            see("still interrupted", Thread::interrupted);
            state(socket);
        }
        try (DatagramSocket socket = bound(InetAddress.getLoopbackAddress());
                DatagramSocket peer = bound(far)) {
            socket.setSoTimeout(0);
            FutureTask<String> waiting = new FutureTask<>(() -> {
                socket.receive(room(10));
                return "received, interrupted " + Thread.interrupted();
            });
            Thread thread = new Thread(waiting);
            thread.start();
            awaitState(thread);
            thread.interrupt();
            peer.send(packet("one", socket));
            see("interrupted while it waited", waiting::get);
            FutureTask<String> cut = new FutureTask<>(() -> {
                socket.receive(room(10));
                return "received";
            });
            Thread second = new Thread(cut);
            second.start();
            awaitState(second);
            socket.close();
            see("closed while it waited", cut::get);
            state(socket);
        }
        virtual(far);
    }

    /** A thread in a native call is not seen to wait by its state: only that it has been there for a while. */
    private static void awaitState(Thread thread) throws InterruptedException {
        while (true) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("receive0")
                        || frame.getMethodName().equals("poll")) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }

    private static void virtual(InetAddress far) throws Exception {
        Method startVirtual;
        try {
            startVirtual = Thread.class.getMethod("startVirtualThread", Runnable.class);
            startVirtual.invoke(null, (Runnable) () -> {});
        } catch (ReflectiveOperationException e) {
            System.out.println("no virtual threads");
            return;
        }
        try (DatagramSocket socket = bound(InetAddress.getLoopbackAddress());
                DatagramSocket peer = bound(far)) {
            CountDownLatch receiving = new CountDownLatch(1);
            FutureTask<String> waiting = new FutureTask<>(() -> {
                receiving.countDown();
                return received(socket, room(10), peer);
            });
            startVirtual.invoke(null, waiting);
            receiving.await();
            peer.send(packet("one", socket));
            see("virtual", waiting::get);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            FutureTask<String> timed = new FutureTask<>(() -> received(socket, room(10), peer));
            startVirtual.invoke(null, timed);
            see("virtual, timeout", timed::get);
            FutureTask<String> interrupted = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                socket.setSoTimeout(10_000);
                try {
                    return received(socket, room(10), peer);
                } catch (IOException e) {
                    return e + ", interrupted " + Thread.interrupted();
                }
            });
            startVirtual.invoke(null, interrupted);
            see("virtual, interrupted", interrupted::get);
            doing("send after it", () -> socket.send(packet("x", peer)));
        }
    }

    // ---- multicast

    @SuppressWarnings("deprecation") // programs still use it
    private static void multicast() throws IOException {
        group = "multicast";
        InetSocketAddress some = new InetSocketAddress(InetAddress.getByName("239.1.1.1"), 0);
        InetSocketAddress none = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        NetworkInterface loopback = loopback();
        try (MulticastSocket socket = new MulticastSocket(0)) {
            socket.setSoTimeout(10_000);
            doing("join", () -> socket.joinGroup(some, loopback));
            doing("join again", () -> socket.joinGroup(some, loopback));
            doing("join no group", () -> socket.joinGroup(none, loopback));
            try (DatagramSocket sender = new DatagramSocket()) {
                sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
                DatagramPacket packet = packet("to all");
                packet.setAddress(some.getAddress());
                packet.setPort(socket.getLocalPort());
                doing("send", () -> sender.send(packet));
                DatagramPacket heard = room(100);
                doing("receive", () -> socket.receive(heard));
                see("text", () -> text(heard));
            }
            socket.setNetworkInterface(loopback);
            DatagramPacket packet = packet("with a ttl");
            packet.setAddress(some.getAddress());
            packet.setPort(socket.getLocalPort());
            see("its ttl", () -> ttlOf(socket, packet));
            doing("leave", () -> socket.leaveGroup(some, loopback));
            doing("leave again", () -> socket.leaveGroup(some, loopback));
            doing("leave no group", () -> socket.leaveGroup(none, loopback));
            doing("join an address", () -> socket.joinGroup(some.getAddress()));
            doing("leave an address", () -> socket.leaveGroup(some.getAddress()));
            doing("leave an address again", () -> socket.leaveGroup(some.getAddress()));
            doing("join an address that is no group", () -> socket.joinGroup(none.getAddress()));
        }
    }

    /** Sends by the call of before, where there is one: Java 26 has none. */
    private static String ttlOf(MulticastSocket socket, DatagramPacket packet) throws Exception {
        try {
            MulticastSocket.class
                    .getMethod("send", DatagramPacket.class, byte.class)
                    .invoke(socket, packet, (byte) 3);
        } catch (NoSuchMethodException e) {
            socket.send(packet);
        }
        DatagramPacket heard = room(100);
        socket.receive(heard);
        return text(heard) + " " + socket.getTimeToLive();
    }

    // ---- errors

    private static void errors(InetAddress far) throws IOException {
        group = "errors";
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("direct.argyle.test", 9);
        try (DatagramSocket socket = new DatagramSocket(null)) {
            doing("bind, unresolved", () -> socket.bind(unresolved));
            doing("connect, unresolved", () -> socket.connect(unresolved));
            doing("connect, none", () -> socket.connect(null));
            doing("connect, port 0", () -> socket.connect(new InetSocketAddress(far, 0)));
            doing("packet, unresolved", () -> packet("x").setSocketAddress(unresolved));
            DatagramPacket zero = packet("x");
            zero.setAddress(far);
            zero.setPort(0);
            doing("send, port 0", () -> socket.send(zero));
            doing("bind twice", () -> {
                socket.bind(null);
                socket.bind(null);
            });
            doing("bind elsewhere", () -> new DatagramSocket(0, InetAddress.getByName("192.0.2.1")).close());
            state(socket);
        }
    }

    private static void closed() throws IOException {
        group = "closed";
        MulticastSocket socket = new MulticastSocket();
        socket.close();
        socket.close();
        state(socket);
        doing("receive", () -> socket.receive(room(1)));
        doing("send", () -> socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), 9)));
        doing("bind", () -> socket.bind(null));
        doing("connect", () -> socket.connect(InetAddress.getLoopbackAddress(), 9));
        doing("disconnect", socket::disconnect);
        see("timeout", socket::getSoTimeout);
        see("buffer", socket::getSendBufferSize);
        see("option", () -> socket.getOption(StandardSocketOptions.SO_SNDBUF));
        see("options", () -> socket.supportedOptions().isEmpty());
        see("ttl", socket::getTimeToLive);
        doing("join", () -> socket.joinGroup(new InetSocketAddress("239.1.1.1", 0), loopback()));
        see("network interface", () -> socket.getNetworkInterface());
    }
}
