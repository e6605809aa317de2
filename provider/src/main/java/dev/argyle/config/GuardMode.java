// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What becomes of a connection that the guard finds, key {@code guard}. */
public enum GuardMode {
    /** It is refused. */
    ENFORCE,
    /** It goes direct, and the log says so. */
    AUDIT,
    /** It goes direct. */
    OFF
}
