// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses what stands behind {@code -javaagent:argyle-agent.jar=}, and what a program writes in the same grammar.
 *
 * <pre>
 * argument = [ first *( "," piece ) ]
 * first    = piece | path | server          ; a path is "config", a server "proxy"
 * piece    = key "=" text | text            ; without a key it continues the list before it
 * key      = a-z *( a-z | 0-9 | "." | "-" )
 * path     = ( "/" | "./" | "../" | "\" | ".\" | "..\" | letter ":/" | letter ":\" ) text
 *          | text ".properties"             ; text without "://"
 * </pre>
 *
 * White space around a piece does not count. Stateless.
 */
final class AgentArgument {
    private AgentArgument() {}

    /**
     * @param source where the argument stands, for messages
     * @throws ConfigurationException if a key is unknown or given twice
     */
    static Map<Key, Value> read(@Nullable String argument, String source) throws ConfigurationException {
        Map<Key, Value> values = new LinkedHashMap<>();
        if (argument == null || argument.trim().isEmpty()) {
            return values;
        }
        List<String> pieces = Lists.split(argument, ',');
        Key key = null;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i);
            int equals = keyLength(piece);
            if (equals < 0 && key != null) {
                text.append(',').append(piece);
                continue;
            }
            if (key != null) {
                put(values, key, text.toString(), source);
                text.setLength(0);
            }
            if (equals < 0) {
                key = isPath(piece) ? Key.CONFIG : Key.PROXY;
            } else {
                Key named = Key.of(piece.substring(0, equals));
                if (named == null) {
                    throw unknown(key, pieces, i, piece.substring(0, equals), source);
                }
                key = named;
            }
            text.append(piece, equals + 1, piece.length());
        }
        if (key != null) {
            put(values, key, text.toString(), source);
        }
        return values;
    }

    /** Returns whether a text can only be the start of a file's path: absolute, or led by dots. */
    static boolean startsAsPath(String text) {
        int start = text.startsWith("..") ? 2 : text.startsWith(".") ? 1 : isDrive(text) ? 2 : 0;
        return start < text.length() && (text.charAt(start) == '/' || text.charAt(start) == '\\');
    }

    private static boolean isDrive(String text) {
        return text.length() > 2 && text.charAt(1) == ':' && Character.isLetter(text.charAt(0));
    }

    private static boolean isPath(String piece) {
        return startsAsPath(piece) || (piece.endsWith(".properties") && piece.indexOf("://") < 0);
    }

    private static int keyLength(String piece) {
        int equals = piece.indexOf('=');
        for (int i = 0; i < equals; i++) {
            char c = piece.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '.' && c != '-'))) {
                return -1;
            }
        }
        return equals == 0 ? -1 : equals;
    }

    private static void put(Map<Key, Value> values, Key key, String text, String source) throws ConfigurationException {
        if (values.put(key, new Value(text, source)) != null) {
            throw new ConfigurationException(
                    source + ": " + key + ": given twice; write it once, a list with commas between its entries");
        }
    }

    /** A password with a comma in it is cut there, and what follows may look like a key: it must not be shown. */
    private static ConfigurationException unknown(
            @Nullable Key before, List<String> pieces, int index, String text, String source) {
        boolean secret = false;
        for (int i = index; before == Key.PROXY && i < pieces.size(); i++) {
            String piece = pieces.get(i);
            int equals = keyLength(piece);
            if (i > index && equals > 0 && Key.of(piece.substring(0, equals)) != null) {
                break;
            }
            secret |= piece.indexOf('@') >= 0;
        }
        return new ConfigurationException(
                secret
                        ? source + ": proxy: piece " + (index + 1) + " is neither a server nor a known key (not shown);"
                                + " a comma within a password is written %2C"
                        : source + ": " + Suggestion.unknownKey(text));
    }
}
