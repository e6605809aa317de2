// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.GuardMode;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;

/**
 * What becomes of what would pass the servers by: what cannot be carried, and what no record but an implicit one covers. It
 * is refused, or reported and let go, or let go; and each thing is said once, with the place in the program that it comes
 * from. Safe for use by any thread.
 */
final class Guard {
    /** A program that goes to more than this is not told of each. */
    private static final int MOST_REPORTS = 1000;

    private final GuardMode uncarried;
    private final GuardMode uncovered;
    private final Log log;
    private final Set<String> said = new HashSet<>(); // guarded by itself

    Guard(GuardMode uncarried, GuardMode uncovered, Log log) {
        this.uncarried = uncarried;
        this.uncovered = uncovered;
        this.log = log;
    }

    /**
     * Decides on what would be routed if it could be carried.
     *
     * @param what with its destination, as a message says it
     * @param reason why it would be routed
     * @throws SocketException if it is refused
     */
    void uncarried(String what, String reason) throws SocketException {
        decide(
                uncarried,
                what + " would be routed (" + reason + ") and cannot be carried",
                "key bypass can let it go direct");
    }

    /**
     * Decides on what only an implicit record covers.
     *
     * @param what with its destination, as a message says it
     * @throws SocketException if it is refused
     */
    void uncovered(String what) throws SocketException {
        decide(uncovered, what + " is covered by no record", "a record NONE lets it go direct");
    }

    private void decide(GuardMode mode, String what, String advice) throws SocketException {
        switch (mode) {
            case OFF -> {}
            case AUDIT -> say(what + "; it goes direct, as guard=audit says");
            case ENFORCE -> {
                say(what + "; refused");
                throw new SocketException("Refused by the guard: " + what + "; " + advice
                        + ", guard=audit lets all such things go and reports them");
            }
        }
    }

    private void say(String text) {
        if (!log.isEnabled(LogLevel.WARN)) {
            return;
        }
        boolean last;
        synchronized (said) {
            if (said.size() >= MOST_REPORTS || !said.add(text)) {
                return;
            }
            last = said.size() == MOST_REPORTS;
        }
        log.log(LogLevel.WARN, text + ": " + CallSite.find());
        if (last) {
            log.log(LogLevel.WARN, "that was report " + MOST_REPORTS + " of the guard, and the last");
        }
    }
}
