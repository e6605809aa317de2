// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.File;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many sockets at once, and what failures leave behind. */
final class VolumeCases {
    private static final int SOCKETS = 1_000;
    private static final int THREADS = 20;

    private VolumeCases() {}

    static void addTo(Cases cases) {
        cases.add("1000 sockets at once", VolumeCases::sockets);
        cases.add("1000 virtual threads at once", VolumeCases::virtualThreads);
        cases.add("refused and timed out connects leave no descriptor", VolumeCases::descriptors);
    }

    private static void sockets(Scene scene) throws Exception {
        List<Background> openers = new ArrayList<>();
        List<List<Socket>> open = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            List<Socket> mine = new ArrayList<>();
            open.add(mine);
            openers.add(Background.platform("opener", () -> {
                for (int j = 0; j < SOCKETS / THREADS; j++) {
                    mine.add(scene.connected("echo"));
                }
                return "";
            }));
        }
        for (Background opener : openers) {
            opener.ends(18, TimeUnit.SECONDS);
            if (opener.thrown() != null) {
                scene.say("failed", opener.thrown());
            }
        }
        int pings = 0;
        for (List<Socket> mine : open) {
            for (Socket socket : mine) {
                pings += Sockets.ping(socket).equals("ping") ? 1 : 0;
            }
        }
        scene.say("pings", pings);
    }

    private static void virtualThreads(Scene scene) throws Exception {
        if (!VirtualThreads.available()) {
            scene.say("not available");
            return;
        }
        AtomicInteger connected = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(SOCKETS);
        CountDownLatch done = new CountDownLatch(SOCKETS);
        AtomicInteger pings = new AtomicInteger();
        for (int i = 0; i < SOCKETS; i++) {
            Background.virtual(() -> {
                try {
                    Socket socket = scene.connected("echo");
                    connected.incrementAndGet();
                    all.countDown();
                    all.await();
                    pings.addAndGet(Sockets.ping(socket).equals("ping") ? 1 : 0);
                } catch (Exception e) {
                    System.err.println("virtual thread: " + e);
                    all.countDown();
                } finally {
                    done.countDown();
                }
                return "";
            });
        }
        scene.say("all done", done.await(18, TimeUnit.SECONDS));
        scene.say("connected", connected.get());
        scene.say("pings", pings.get());
    }

    private static void descriptors(Scene scene) {
        fail(scene, 3);
        int before = openDescriptors();
        fail(scene, 40);
        sayLeft(scene, before);
    }

    /** Says whether about as many are open as were before, soon at least: some are closed by other threads. */
    static void sayLeft(Scene scene, int before) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Scene.PATIENCE_MILLIS);
        while (openDescriptors() - before >= 10 && System.nanoTime() - endNanos < 0) {
            Channels.pause();
        }
        int left = openDescriptors() - before;
        scene.say(before == 0 ? "not available" : left < 10 ? "none left" : left + " left");
    }

    /** How many descriptors this program has; 0 where the system does not say. */
    static int openDescriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static void fail(Scene scene, int times) {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            Socket socket = scene.socket();
            String role = i % 4 == 0 ? "stalled" : "refused";
            try {
                socket.connect(scene.at(role), 20);
            } catch (java.io.IOException expected) {
                failed++;
            }
        }
        scene.say("failed", failed);
    }
}
