// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import dev.argyle.net.Installed;
import java.util.List;
import java.util.Map;

/**
 * What would become of a connection or a datagram, and why: the decision, the record that made it, and those it beat.
 * Immutable, and safe for use by any thread. Shows no secret.
 */
public final class Explanation {
    /** What would become of it. */
    public enum Outcome {
        /** It goes through a server. */
        SERVER,
        /** It goes direct. */
        DIRECT,
        /** It is refused: by a record, by the guard, or since its address is a stand-in of another JVM. */
        REFUSED,
        /** It goes nowhere: the name is looked up on this machine, and is not known here, or could be no name. */
        UNKNOWN_NAME
    }

    private final Outcome outcome;
    private final String record;
    private final List<String> beaten;
    private final List<String> servers;
    private final String text;

    /** @param parts as {@link Installed} has them, from whatever copy of the engine */
    Explanation(Map<String, Object> parts) {
        outcome = Outcome.valueOf((String) part(parts, Installed.OUTCOME));
        record = (String) part(parts, Installed.RECORD);
        beaten = list(part(parts, Installed.BEATEN));
        servers = list(part(parts, Installed.SERVERS));
        text = (String) part(parts, Installed.TEXT);
    }

    private static Object part(Map<String, Object> parts, String name) {
        Object part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException("The engine of this JVM is of another version: it does not say " + name);
        }
        return part;
    }

    @SuppressWarnings("unchecked") // as Installed makes it
    private static List<String> list(Object part) {
        return (List<String>) part;
    }

    /** Returns what would become of it; of a name with several addresses here, at the first of them. */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Returns the record that decided, with its source in parentheses; of an unknown name that which matches the name. Empty
     * where it came to none.
     */
    public String record() {
        return record;
    }

    /** Returns the other records that match, with their sources, the better ones first. */
    public List<String> beaten() {
        return beaten;
    }

    /**
     * Returns the servers as URLs without credentials, in their order, in which they are tried unless one has failed lately;
     * none for other outcomes.
     */
    public List<String> servers() {
        return servers;
    }

    /** Returns all of it in lines for people to read: also who looks the name up, and where credentials come from. */
    @Override
    public String toString() {
        return text;
    }
}
