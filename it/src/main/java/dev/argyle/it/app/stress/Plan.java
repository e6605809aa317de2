// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the program was told.
 *
 * <p>Arguments are {@code key=value}: {@code host}, the targets' address; {@code first}, {@code echo}, {@code closer} and
 * {@code refused}, their ports; {@code stalled}, a port whose connections are never completed, if a selector is to wait for
 * them; {@code seconds} and {@code threads} of racing; {@code seed}, else it is the time; {@code failures=yes} if a
 * connect may fail whatever its target; {@code only}, a regular expression of scenarios.
 */
final class Plan {
    /** How long one connection may take, a loaded machine included. */
    static final long LIMIT_SECONDS = 15;

    private static final int PERCENT = 100;
    private static final int FIRST_PERCENT = 50;
    private static final int ECHO_PERCENT = 80;
    private static final int CLOSER_PERCENT = 88;

    private final Map<String, String> words = new LinkedHashMap<>();

    Plan(String[] args) {
        for (String argument : args) {
            int equals = argument.indexOf('=');
            words.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
    }

    private String word(String key) {
        String word = words.get(key);
        if (word == null) {
            throw new IllegalArgumentException("no " + key + "=");
        }
        return word;
    }

    private InetSocketAddress at(String role) {
        return new InetSocketAddress(word("host"), Integer.parseInt(word(role)));
    }

    InetSocketAddress at(Role role) {
        return switch (role) {
            case FIRST -> at("first");
            case ECHO -> at("echo");
            case CLOSER -> at("closer");
            case REFUSED -> at("refused");
        };
    }

    /** Most connections are to targets that speak, and of those to one that speaks first. */
    static Role role(Random random) {
        int percent = random.nextInt(PERCENT);
        if (percent < FIRST_PERCENT) {
            return Role.FIRST;
        }
        if (percent < ECHO_PERCENT) {
            return Role.ECHO;
        }
        return percent < CLOSER_PERCENT ? Role.CLOSER : Role.REFUSED;
    }

    @Nullable
    InetSocketAddress stalled() {
        return words.containsKey("stalled") ? at("stalled") : null;
    }

    boolean failures() {
        return words.getOrDefault("failures", "no").equals("yes");
    }

    long seconds() {
        return Long.parseLong(word("seconds"));
    }

    int threads() {
        return Integer.parseInt(word("threads"));
    }

    long seed() {
        String seed = words.get("seed");
        return seed == null ? System.nanoTime() : Long.parseLong(seed);
    }

    String only() {
        return words.getOrDefault("only", ".*");
    }
}
