// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** Reads the system properties {@code argyle.key}. Stateless. */
final class SystemProperties {
    static final String PREFIX = "argyle.";

    private SystemProperties() {}

    /** @throws ConfigurationException if a property of ours has an unknown key */
    static Map<Key, Value> read(Properties properties) throws ConfigurationException {
        Map<Key, Value> values = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            Key key = Key.of(name.substring(PREFIX.length()));
            if (key == null) {
                throw new ConfigurationException("-D" + Shown.name(name) + ": " + Suggestion.unknownProperty(name));
            }
            values.put(key, new Value(properties.getProperty(name), "-D" + name));
        }
        return values;
    }
}
