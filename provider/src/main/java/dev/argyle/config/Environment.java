// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the variables {@code ARGYLE_KEY}; one that is set to nothing counts as not set. Stateless. */
final class Environment {
    static final String PREFIX = "ARGYLE_";

    private Environment() {}

    /** @throws ConfigurationException if a variable of ours has an unknown key */
    static Map<Key, Value> read(Map<String, String> environment) throws ConfigurationException {
        Map<Key, Value> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith(PREFIX) || entry.getValue().trim().isEmpty()) {
                continue;
            }
            values.put(key(name), new Value(entry.getValue(), name));
        }
        return values;
    }

    private static Key key(String name) throws ConfigurationException {
        for (Key key : Key.values()) {
            if (key.variable().equals(name)) {
                return key;
            }
        }
        throw new ConfigurationException(Shown.name(name) + ": " + Suggestion.unknownVariable(name));
    }
}
