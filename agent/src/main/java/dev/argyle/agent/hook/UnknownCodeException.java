// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

/** A class is not as we know it. */
final class UnknownCodeException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownCodeException(String message) {
        super(message);
    }
}
