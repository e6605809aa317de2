// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.Serial;

/**
 * Says what is wrong with a value, without saying where it stands: who knows the source and the key makes a
 * {@link ConfigurationException} of it. The message shows no secret.
 */
final class InvalidValueException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    InvalidValueException(String message) {
        super(message);
    }
}
