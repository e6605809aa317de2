// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.Serial;

/**
 * Says that the configuration cannot be used. The message is meant for the user as it is: the source with its line, the
 * key, what is wrong, what was got, what to write instead; never a secret.
 */
public final class ConfigurationException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(Shown.oneLine(message));
    }
}
