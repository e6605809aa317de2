// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that is closed by another thread just as its use ends: at a time that the outcomes move to where the use
 * succeeds as often as not.
 */
final class ClosingRace {
    private static final int STEP = 20;

    private final Scene scene;
    private final BlockingQueue<Closeable> used = new SynchronousQueue<>();
    private final Semaphore closed = new Semaphore(0);
    private final AtomicInteger spins = new AtomicInteger();

    /** @param near what the closing thread waits for before its time begins */
    ClosingRace(Scene scene, Scene.Action near) {
        this.scene = scene;
        Background.platform("closer", () -> {
            while (true) {
                Closeable next = used.take();
                near.run();
                for (int left = spins.get(); left > 0; left--) {
                    Thread.onSpinWait();
                }
                next.close();
                closed.release();
            }
        });
    }

    /** Says how many of the rounds had another outcome than these; a use that succeeds has "done". */
    <T extends Closeable> void say(int rounds, Callable<T> opening, Use<T> use, Set<String> outcomes) throws Exception {
        int wrong = 0;
        for (int i = 0; i < rounds; i++) {
            T resource = opening.call();
            used.put(resource);
            String outcome = "done";
            try {
                use.of(resource);
            } catch (Exception e) {
                outcome = e.toString();
            }
            spins.set(Math.max(0, spins.get() + (outcome.equals("done") ? -STEP : STEP)));
            if (!closed.tryAcquire(Scene.PATIENCE_MILLIS, TimeUnit.MILLISECONDS) || !outcomes.contains(outcome)) {
                wrong++;
                System.err.println("a use that ended with a close: " + outcome);
            }
        }
        scene.say("wrong", wrong);
    }

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Use<T> {
        void of(T resource) throws Exception;
    }
}
