// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Converts the target's address to a name, as AIX does where socks5c.conf has fragments, and goes on as the routes say for
 * that name. Used by one thread at a time.
 */
final class ReverseHops implements Connect.HopSource {
    /** For so long a connect waits for the conversion. */
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Decides when the name is known, or that there is none. */
    interface Decision {
        /**
         * Returns where the connect goes.
         *
         * @param name null if the address has none
         * @throws IOException if it goes nowhere
         */
        Connect.HopSource decide(@Nullable String name) throws IOException;

        /**
         * Returns where the connect goes if it is not known whether the address has a name.
         *
         * @throws IOException if it goes nowhere
         */
        Connect.HopSource undecided() throws IOException;
    }

    private final LookUps.Question<String> question;
    private final LookUps lookUps;
    private final Decision decision;
    private final @Nullable Runnable whenLookedUp;
    private final long endNanos;
    private LookUps.@Nullable LookUp<String> lookUp;
    private Connect.@Nullable HopSource decided;
    private boolean wasLate;

    /**
     * @param whenLookedUp what to run instead of waiting, null for a caller that can wait
     * @param endNanos when the application's timeout ends
     */
    ReverseHops(
            LookUps.Question<String> question,
            LookUps lookUps,
            Decision decision,
            @Nullable Runnable whenLookedUp,
            long endNanos) {
        this.question = question;
        this.lookUps = lookUps;
        this.decision = decision;
        this.whenLookedUp = whenLookedUp;
        this.endNanos = endNanos;
    }

    @Override
    public long limitNanos(long reachNanos) {
        return Math.min(LIMIT_NANOS, reachNanos);
    }

    @Override
    public @Nullable List<Hop> hops(boolean late) throws IOException {
        if (decided == null) {
            decided = decide(late);
            if (decided == null) {
                return null;
            }
        }
        // what follows has a time of its own, which begins when that for the conversion is over
        boolean followsLate = late && wasLate;
        wasLate |= late;
        return decided.hops(followsLate);
    }

    private Connect.@Nullable HopSource decide(boolean late) throws IOException {
        if (lookUp == null) {
            lookUp = lookUps.begin(question, whenLookedUp == null ? new Nothing() : whenLookedUp);
        }
        if (whenLookedUp == null) {
            lookUp.await(Math.min(LIMIT_NANOS, endNanos - System.nanoTime()));
        }
        String name;
        try {
            name = lookUp.answer();
        } catch (UnknownHostException e) {
            return decision.decide(null);
        }
        if (name != null) {
            return decision.decide(name);
        }
        return whenLookedUp == null || late ? decision.undecided() : null;
    }

    /** It must not be decided without the name. */
    static SocketException undecided(String target) {
        return new SocketException(target + " was not converted to a name within "
                + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS)
                + " s, and a record for names might not let it go direct; names.reverse=off keeps addresses from being"
                + " converted");
    }

    private static final class Nothing implements Runnable {
        @Override
        public void run() {}
    }
}
