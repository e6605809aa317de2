// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(10);

    private final Watchdog watchdog = new Watchdog(TimeUnit.MILLISECONDS.toNanos(100));

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("argyle-timeouts"))
                .count();
    }

    @Test
    void watch_timeIsUp_closesTheSocket() {
        PlatformSocket socket = new PlatformSocket();
        Watchdog.Watch watch = watchdog.watch(socket, 1);

        await().until(socket::isClosed);
        assertThat(watch.end()).isTrue();
        assertThat(watch.end()).isTrue();
    }

    @Test
    void end_before_leavesTheSocket() throws Exception {
        try (PlatformSocket ended = new PlatformSocket()) {
            PlatformSocket other = new PlatformSocket();
            Watchdog.Watch watch = watchdog.watch(ended, TimeUnit.SECONDS.toNanos(2));

            assertThat(watch.end()).isFalse();
            Watchdog.Watch later = watchdog.watch(other, TimeUnit.SECONDS.toNanos(2));
            await().until(other::isClosed);

            assertThat(later.end()).isTrue();
            assertThat(watch.end()).isFalse();
            assertThat(ended.isClosed()).isFalse();
        }
    }

    @Test
    void watch_earlierThanTheOthers_isNotLate() throws Exception {
        Watchdog slow = new Watchdog(LONG);
        try (PlatformSocket patient = new PlatformSocket()) {
            Watchdog.Watch longest = slow.watch(patient, LONG);
            PlatformSocket hasty = new PlatformSocket();

            slow.watch(hasty, TimeUnit.MILLISECONDS.toNanos(1));

            await().until(hasty::isClosed);
            assertThat(longest.end()).isFalse();
            assertThat(patient.isClosed()).isFalse();
            // wakes the thread, which finds nothing to watch
            slow.watch(hasty, 1);
        }
    }

    @Test
    void thread_nothingToWatch_endsAndIsMadeAnew() {
        long before = threads();
        PlatformSocket first = new PlatformSocket();
        watchdog.watch(first, 1);
        await().until(first::isClosed);
        await().until(() -> threads() <= before);

        PlatformSocket second = new PlatformSocket();
        watchdog.watch(second, 1);
        await().until(second::isClosed);
    }
}
