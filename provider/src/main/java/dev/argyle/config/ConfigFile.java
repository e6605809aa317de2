// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a properties file in UTF-8. The syntax is that of {@link Properties#load(java.io.Reader)}, which parses each
 * line; only what it does not tell, where a line starts and whether a key is there twice, is found here.
 *
 * <pre>
 * file    = *( blank | comment | logical )
 * comment = *space ( "#" | "!" ) text              ; a backslash at its end does not continue it
 * logical = *( text "\" newline ) text             ; an odd number of backslashes at the end continues the line
 * </pre>
 *
 * Stateless.
 */
final class ConfigFile {
    private ConfigFile() {}

    /**
     * @throws InvalidValueException if the file cannot be read
     * @throws ConfigurationException if a line is malformed, or its key unknown, given twice, or {@code config}
     */
    static Map<Key, Value> read(String path) throws InvalidValueException, ConfigurationException {
        Map<Key, Value> values = new LinkedHashMap<>();
        List<String> lines = TextFile.lines(path);
        for (int i = 0; i < lines.size(); i++) {
            if (isBlankOrComment(lines.get(i))) {
                continue;
            }
            String source = "file " + path + ":" + (i + 1);
            StringBuilder logical = new StringBuilder(lines.get(i));
            while (isContinued(lines.get(i)) && i + 1 < lines.size()) {
                logical.append('\n').append(lines.get(++i));
            }
            put(values, logical.toString(), source);
        }
        return values;
    }

    private static void put(Map<Key, Value> values, String line, String source) throws ConfigurationException {
        Properties pair = new Properties();
        try {
            pair.load(new StringReader(line));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(source + ": \\u is not followed by four hexadecimal digits");
        }
        for (String name : pair.stringPropertyNames()) {
            Key key = Key.of(name);
            if (key == null) {
                throw new ConfigurationException(source + ": " + Suggestion.unknownKey(name));
            }
            if (key == Key.CONFIG) {
                throw new ConfigurationException(source + ": config: a file cannot name another; leave this line out");
            }
            Value before = values.put(key, new Value(pair.getProperty(name), source));
            if (before != null) {
                throw new ConfigurationException(source + ": " + key + ": given twice, first at " + before.source()
                        + "; write it once, a list with commas between its entries");
            }
        }
    }

    private static boolean isBlankOrComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != ' ' && c != '\t' && c != '\f') {
                return c == '#' || c == '!';
            }
        }
        return true;
    }

    private static boolean isContinued(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
