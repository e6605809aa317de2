// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.endurance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Many sockets that talk for a long time, at a bounded rate; now and then one is closed, or forgotten, and another takes its
 * place.
 *
 * <p>Arguments: {@code address port sockets perSecond}, of a service that sends datagrams back. Each line of standard input
 * is answered by lines {@code figure number} and, when it is the nth, by {@code done n}; an empty line ends the program:
 *
 * <pre>
 * run millis      talks so long: back, how many datagrams came back; lost, how many did not; unreachable, how often a
 *                 socket has said so; failed, how often it said something else, which is printed as an error; opened,
 *                 how many sockets took the place of another; forgotten, how many of those others were not closed
 * sample          lets each socket talk until it is answered, and tells what the process holds then: heap and direct, in
 *                 octets, descriptors, threads
 * </pre>
 */
public final class DatagramSoak {
    private static final int WORKERS = 4;
    private static final int MOST_TRIES = 50;

    /** A socket is replaced after so many datagrams, on average, and each so many times it is forgotten. */
    private static final int LIFE = 200;

    private static final int FORGOTTEN = 4;

    /** So long, a sample waits that there are no more descriptors than in the one before. */
    private static final long PATIENCE_MILLIS = 1_500;

    private final InetSocketAddress target;
    private final int perSecond;
    private final Slot[] slots;
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong back = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong unreachable = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private int lastDescriptors;

    private DatagramSoak(String[] args) throws IOException {
        target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        slots = new Slot[Integer.parseInt(args[2])];
        perSecond = Integer.parseInt(args[3]);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(i % Conversation.KINDS);
        }
    }

    /** Runs until standard input ends. */
    public static void main(String[] args) throws Exception {
        DatagramSoak soak = new DatagramSoak(args);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        int answers = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.equals("sample")) {
                soak.sample();
            } else {
                soak.run(Long.parseLong(line.substring("run ".length())));
            }
            answers++;
            System.out.println("done " + answers);
        }
        soak.workers.shutdown();
    }

    /** A place for one socket of a kind after the other. */
    private final class Slot {
        private final int kind;
        private Conversation conversation;

        Slot(int kind) throws IOException {
            this.kind = kind;
            conversation = Conversation.open(kind, target);
        }

        boolean talk() {
            try {
                boolean heard = conversation.talk(numbers.incrementAndGet());
                (heard ? back : lost).incrementAndGet();
                return heard;
            } catch (PortUnreachableException gone) {
                unreachable.incrementAndGet();
            } catch (IOException failure) {
                failed.incrementAndGet();
                failure.printStackTrace();
            }
            return false;
        }

        void replace(boolean close) throws IOException {
            if (close) {
                conversation.close();
            } else {
                forgotten.incrementAndGet();
            }
            conversation = Conversation.open(kind, target);
            opened.incrementAndGet();
        }
    }

    private void run(long millis) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            int first = i;
            tasks.add(() -> work(first, end));
        }
        for (Future<Void> done : workers.invokeAll(tasks)) {
            done.get();
        }
        say("back", back.getAndSet(0));
        say("lost", lost.getAndSet(0));
        say("unreachable", unreachable.getAndSet(0));
        say("failed", failed.getAndSet(0));
        say("opened", opened.getAndSet(0));
        say("forgotten", forgotten.getAndSet(0));
    }

    /** Has each slot of its own in turn. */
    private Void work(int first, long endNanos) throws IOException {
        Random random = new Random();
        long intervalNanos = TimeUnit.SECONDS.toNanos(WORKERS) / perSecond;
        long next = System.nanoTime();
        int slot = first;
        while (next - endNanos < 0) {
            if (random.nextInt(LIFE) == 0) {
                slots[slot].replace(slots[slot].kind % 2 != 0 || random.nextInt(FORGOTTEN) != 0);
            }
            slots[slot].talk();
            slot += WORKERS;
            if (slot >= slots.length) {
                slot = first;
            }
            // what took longer than its time is not made up for
            next = Math.max(next + intervalNanos, System.nanoTime());
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        return null;
    }

    private void sample() throws IOException, InterruptedException {
        for (Slot slot : slots) {
            int tries = 1;
            while (!slot.talk()) {
                tries++;
                if (tries > MOST_TRIES) {
                    throw new IOException("no answer of " + MOST_TRIES);
                }
            }
        }
        lastDescriptors = Holdings.descriptorsDownTo(lastDescriptors, PATIENCE_MILLIS);
        say("descriptors", lastDescriptors);
        say("heap", Holdings.heap());
        say("direct", Holdings.direct());
        say("threads", Holdings.threads());
    }

    private static void say(String figure, long number) {
        System.out.println(figure + " " + number);
    }
}
