// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.List;

/**
 * Which JVMs the settings are for, by main class or, with {@code -jar}, by the name of the jar file.
 *
 * <pre>
 * value   = pattern *( "," pattern )
 * pattern = 1*( char | "*" )           ; "*" stands for any characters, also none; upper and lower case differ
 * </pre>
 *
 * Immutable.
 *
 * @param patterns at least one
 */
public record MainClassFilter(List<String> patterns) {
    /** Copies the patterns. */
    public MainClassFilter {
        patterns = List.copyOf(patterns);
    }

    /**
     * Returns whether a JVM's command is meant.
     *
     * @param command as in {@code sun.java.command}: {@code a.b.Main arguments}, {@code module/a.b.Main arguments}, or
     *     {@code /path/to/x.jar arguments}
     */
    boolean matches(String command) {
        String subject = subject(command);
        int slash = Math.max(subject.lastIndexOf('/'), subject.lastIndexOf('\\'));
        String last = subject.substring(slash + 1);
        for (String pattern : patterns) {
            if (matches(pattern, subject) || matches(pattern, last)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the main class or jar without the arguments; of an absolute or dotted path up to the first {@code .jar}. */
    private static String subject(String command) {
        int space = command.indexOf(' ');
        if (space < 0) {
            return command;
        }
        if (AgentArgument.startsAsPath(command)) {
            int jar = command.indexOf(".jar ");
            if (jar >= 0) {
                return command.substring(0, jar + 4);
            }
            if (command.endsWith(".jar")) {
                return command;
            }
        }
        return command.substring(0, space);
    }

    /** Matches greedily from star to star, going back to the last star only: linear but for repeated pieces. */
    private static boolean matches(String pattern, String subject) {
        int p = 0;
        int s = 0;
        int star = -1;
        int resume = 0;
        while (s < subject.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = s;
            } else if (p < pattern.length() && pattern.charAt(p) == subject.charAt(s)) {
                p++;
                s++;
            } else if (star >= 0) {
                p = star + 1;
                s = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
