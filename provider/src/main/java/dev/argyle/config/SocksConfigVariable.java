// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code SOCKS5C_CONFIG} as AIX does: exported with a path, it names the file of routes; if that is missing,
 * {@value #DEFAULT_PATH} is read; exported empty, it switches SOCKS off. Stateless.
 */
final class SocksConfigVariable {
    static final String NAME = "SOCKS5C_CONFIG";
    static final String DEFAULT_PATH = "/etc/socks5c.conf";

    private SocksConfigVariable() {}

    /**
     * Returns the path of the file to read, the empty text if SOCKS is off, or null if the variable is not there.
     *
     * @param defaultPath in place of {@value #DEFAULT_PATH}
     * @throws ConfigurationException if neither file is there
     */
    static @Nullable String path(Map<String, String> environment, String defaultPath) throws ConfigurationException {
        String path = environment.get(NAME);
        if (path == null || path.isEmpty() || !isMissing(path)) {
            return path;
        }
        if (isMissing(defaultPath)) {
            throw new ConfigurationException(NAME + ": there is no file " + Shown.quote(path) + ", and no "
                    + defaultPath + "; name one, or set the variable to nothing to go direct");
        }
        return defaultPath;
    }

    /** A file that is there and cannot be read is not missing. */
    private static boolean isMissing(String path) {
        try {
            return Files.notExists(new File(path).toPath());
        } catch (InvalidPathException e) {
            return true;
        }
    }
}
