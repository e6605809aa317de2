// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns values and exceptions into text that two runs can be compared by.
 *
 * <p>A target's port becomes its role, any other port becomes {@code <port>}. An exception becomes its class
 * and message; where a relay may say more (refused, unreachable) the message is reduced to that word, and
 * where the kernel may report the same event in two ways (reset, broken pipe) to one for both.
 */
final class Words {
    private static final Pattern PORT = Pattern.compile("((?:[Pp]ort=)|:)(\\d{4,5})\\b");

    /** The session's time in the text of a TLS socket. */
    private static final Pattern SESSION = Pattern.compile("Session\\(\\d+");

    private Words() {}

    static String of(@Nullable Object value, Map<Integer, String> roles) {
        if (value instanceof Throwable thrown) {
            return of(thrown, roles);
        }
        String text = SESSION.matcher(String.valueOf(value)).replaceAll("Session(<time>");
        Matcher matcher = PORT.matcher(text);
        return matcher.replaceAll(found -> {
            String role = roles.getOrDefault(Integer.parseInt(found.group(2)), "port");
            return Matcher.quoteReplacement(found.group(1) + "<" + role + ">");
        });
    }

    private static String of(Throwable thrown, Map<Integer, String> roles) {
        String name = thrown.getClass().getName();
        String message = thrown.getMessage();
        if (message == null) {
            return name;
        }
        for (String word : new String[] {"refused", "unreachable", "No route to host"}) {
            if (message.contains(word)) {
                return name + ": .." + word + "..";
            }
        }
        return name + ": " + of((Object) message, roles);
    }

    /** The same for a write that fails because the peer has gone: one word for the kernel's several. */
    static String ofBroken(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        boolean gone = message.contains("Broken pipe")
                || message.contains("Connection reset")
                || message.contains("Connection or outbound has closed");
        return thrown.getClass().getName() + (gone ? ": broken" : ": " + message);
    }
}
