// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What becomes of a connection that no server could be reached for. */
public enum OnFailure {
    /** It fails. */
    REFUSE,
    /** It is made directly: only where the user wrote so. */
    DIRECT
}
