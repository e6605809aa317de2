// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

import org.jspecify.annotations.Nullable;

/** Something has happened that must not. */
final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    Wrong(String what) {
        super(what);
    }

    Wrong(String what, @Nullable Throwable cause) {
        super(what + ": " + cause, cause);
    }
}
