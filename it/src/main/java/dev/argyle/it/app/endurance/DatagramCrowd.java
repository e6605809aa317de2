// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.endurance;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Very many datagram sockets at once, every other one a channel of one selector: each sends its number to a service that
 * sends it back, until it has heard it; and then once more.
 *
 * <p>Arguments: {@code address port sockets}; {@code close} or {@code forget}, which is what becomes of the sockets at the
 * end; and how many descriptors more than before may be left then, for which it waits. Prints {@code heard <number>
 * descriptors=<more than before> threads=<name>, <name>...} each time that all have heard their number, and {@code left
 * descriptors=<more than before> threads=<name>, <name>...} when the sockets are closed, or forgotten and collected. It
 * fails if a number does not come back.
 */
public final class DatagramCrowd {
    private static final int ROUNDS = 2;

    /** So many at once fit into any queue of datagrams. */
    private static final int IN_A_ROW = 100;

    private static final long SELECT_MILLIS = 200;
    private static final long LIMIT_SECONDS = 100;
    private static final int MOST_TRIES = 20;
    private static final long PATIENCE_MILLIS = 60_000;

    private final InetSocketAddress target;
    private final long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    private final List<Conversation> sockets = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final int descriptorsBefore;

    private DatagramCrowd(InetSocketAddress target) throws IOException, InterruptedException {
        this.target = target;
        // so that what the JDK opens with the first socket, and keeps, does not count
        try (DatagramSocket socket = new DatagramSocket();
                Selector selector = Selector.open()) {
            if (!socket.isBound() || !selector.isOpen()) {
                throw new IOException("closed");
            }
        }
        descriptorsBefore = Holdings.descriptors();
    }

    /** Runs, to the end or to the first failure. */
    public static void main(String[] args) throws Exception {
        DatagramCrowd crowd = new DatagramCrowd(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
        crowd.meet(Integer.parseInt(args[2]));
        if (args[3].equals("close")) {
            crowd.close();
        } else {
            crowd.forget();
        }
        int expected = crowd.descriptorsBefore + Integer.parseInt(args[4]);
        int left = Holdings.descriptorsDownTo(expected, PATIENCE_MILLIS) - crowd.descriptorsBefore;
        System.out.println("left descriptors=" + left + " threads=" + threads());
    }

    /** One of the selector's channels. */
    private static final class Member {
        private final DatagramChannel channel = DatagramChannel.open();
        private final ByteBuffer octets = ByteBuffer.allocateDirect(Long.BYTES);
        private final long number;
        private boolean hasSent;
        private boolean hasHeard;

        Member(long number) throws IOException {
            this.number = number;
            channel.configureBlocking(false);
        }

        /** Sends, or receives, if the channel is ready for it. */
        void goOn(InetSocketAddress target, SelectionKey key) throws IOException {
            if (!hasSent) {
                octets.clear().putLong(number).flip();
                hasSent = channel.send(octets, target) != 0;
                key.interestOps(hasSent ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
            } else if (channel.receive(octets.clear()) != null && octets.getLong(0) == number) {
                hasHeard = true;
                key.interestOps(0);
            }
        }
    }

    private void meet(int count) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < count / 2; i++) {
                Member member = new Member(i);
                members.add(member);
                member.channel.register(selector, 0, member);
                sockets.add(Conversation.open(0, target));
            }
            for (int round = 0; round < ROUNDS; round++) {
                channelsTalk(selector);
                for (Conversation socket : sockets) {
                    talk(socket);
                }
                System.out.println("heard " + count + " descriptors=" + (Holdings.descriptors() - descriptorsBefore)
                        + " threads=" + threads());
            }
        }
    }

    private void channelsTalk(Selector selector) throws IOException {
        for (Member member : members) {
            member.hasHeard = false;
        }
        List<Member> silent = members;
        while (!silent.isEmpty()) {
            if (System.nanoTime() - endNanos > 0) {
                throw new IOException(silent.size() + " channels have not heard their number");
            }
            // whoever has not heard in a while sends again
            for (int i = 0; i < silent.size(); i += IN_A_ROW) {
                for (Member member : silent.subList(i, Math.min(i + IN_A_ROW, silent.size()))) {
                    member.hasSent = false;
                    SelectionKey key = member.channel.keyFor(selector);
                    if (key != null) {
                        member.goOn(target, key);
                    }
                }
                while (selector.select(key -> goOn((Member) key.attachment(), key), SELECT_MILLIS) > 0) {
                    // as long as something comes
                }
            }
            silent = members.stream().filter(member -> !member.hasHeard).toList();
        }
    }

    private void goOn(@Nullable Member member, SelectionKey key) {
        try {
            if (member != null) {
                member.goOn(target, key);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void talk(Conversation socket) throws IOException {
        int tries = 1;
        while (!socket.talk(tries)) {
            tries++;
            if (tries > MOST_TRIES) {
                throw new IOException("a socket has not heard its number");
            }
        }
    }

    private static String threads() {
        return String.join(
                ", ",
                Thread.getAllStackTraces().keySet().stream()
                        .map(thread -> thread.getName() + (thread.isDaemon() ? "" : " (no daemon)"))
                        .sorted()
                        .toList());
    }

    private void close() throws IOException {
        for (Conversation socket : sockets) {
            socket.close();
        }
        for (Member member : members) {
            member.channel.close();
        }
    }

    /** Of a channel that was registered the selector, which is closed, is the only one that knows. */
    private void forget() {
        sockets.clear();
        members.clear();
    }
}
