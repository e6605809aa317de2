// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The services that programs send datagrams to: they answer as the datagram asks.
 *
 * <p>A datagram is sent back, unless it is one of these: {@code !size N} gets a datagram of N octets, {@code !empty} one
 * of none, {@code !series N} N datagrams with the numbers from 0, {@code !other TEXT} that text from {@link #second}'s
 * port, {@code !drip N} N datagrams from there, one each {@value #DRIP_MILLIS} ms, and {@code !dry} one, after which
 * none drips any more. Safe for use by several threads.
 */
public final class DatagramTargets implements AutoCloseable {
    private static final int DRIP_MILLIS = 50;
    private static final int BUFFER_OCTETS = 64 * 1024;
    private static final int DISCARD_PORT = 9;

    private final InetAddress address;
    private final Queue<DatagramChannel> channels = new ConcurrentLinkedQueue<>();
    private final Set<InetSocketAddress> visitors = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService drips =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "datagram drips"));
    private final Map<SocketAddress, List<Future<?>>> dripping = new ConcurrentHashMap<>();
    private final DatagramChannel second;

    private DatagramTargets(InetAddress address) throws IOException {
        this.address = address;
        second = serve(address);
    }

    /** Targets at an address. */
    public static DatagramTargets at(InetAddress address) throws IOException {
        return new DatagramTargets(address);
    }

    public InetAddress address() {
        return address;
    }

    /** A new service. */
    public int echo() throws IOException {
        return port(serve(address));
    }

    /** The service whose port the answers to {@code !other} and {@code !drip} come from. */
    public int second() throws IOException {
        return port(second);
    }

    /** Takes datagrams and never answers. */
    public int silent() throws IOException {
        return port(bound(address));
    }

    /** A port that nobody else can get, and where the kernel says that nobody is. */
    public int dead() throws IOException {
        DatagramChannel channel = bound(address);
        // a connected socket is there for its peer alone
        channel.connect(new InetSocketAddress(address, DISCARD_PORT));
        return port(channel);
    }

    /** From where datagrams came to the services. */
    public Set<InetSocketAddress> visitors() {
        return Set.copyOf(visitors);
    }

    private DatagramChannel bound(InetAddress local) throws IOException {
        DatagramChannel channel = Ports.bind(local, at -> {
            DatagramChannel fresh = DatagramChannel.open();
            try {
                return fresh.bind(at);
            } catch (IOException e) {
                fresh.close();
                throw e;
            }
        });
        channels.add(channel);
        return channel;
    }

    private DatagramChannel serve(InetAddress local) throws IOException {
        DatagramChannel channel = bound(local);
        daemon(() -> answerAll(channel), "datagram target").start();
        return channel;
    }

    private void answerAll(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_OCTETS);
        while (channel.isOpen()) {
            try {
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
                visitors.add(from);
                answer(channel, from, buffer.flip());
            } catch (ClosedChannelException e) {
                return;
            } catch (SocketException e) {
                // this answer cannot be sent; the next one may
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void answer(DatagramChannel channel, SocketAddress to, ByteBuffer question) throws IOException {
        if (!question.hasRemaining() || question.get(0) != '!') {
            channel.send(question, to);
            return;
        }
        String[] words = US_ASCII.decode(question).toString().split(" ", 2);
        String word = words.length == 1 ? "" : words[1];
        switch (words[0]) {
            case "!size" -> channel.send(octets(Integer.parseInt(word)), to);
            case "!empty" -> channel.send(ByteBuffer.allocate(0), to);
            case "!series" -> {
                for (int i = 0; i < Integer.parseInt(word); i++) {
                    channel.send(US_ASCII.encode(Integer.toString(i)), to);
                }
            }
            case "!other" -> second.send(US_ASCII.encode(word), to);
            case "!drip" -> drip(Integer.parseInt(word), to);
            case "!dry" -> dry(channel, to);
            default -> throw new IllegalArgumentException("what is " + words[0]);
        }
    }

    private void drip(int count, SocketAddress to) {
        List<Future<?>> drops = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ByteBuffer drop = US_ASCII.encode("drop " + i);
            drops.add(drips.schedule(() -> second.send(drop, to), (long) i * DRIP_MILLIS, TimeUnit.MILLISECONDS));
        }
        dripping.put(to, drops);
    }

    /** On the thread that drips: whom is answered gets no more, and neither does whoever has his port after him. */
    private void dry(DatagramChannel channel, SocketAddress to) {
        Future<?> unused = drips.submit(() -> {
            dripping.getOrDefault(to, List.of()).forEach(drop -> drop.cancel(false));
            return channel.send(US_ASCII.encode("dry"), to);
        });
    }

    private static ByteBuffer octets(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) i;
        }
        return ByteBuffer.wrap(octets);
    }

    private static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        drips.shutdownNow();
        for (DatagramChannel channel : channels) {
            channel.close();
        }
    }
}
