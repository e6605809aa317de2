// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What becomes of what would pass the servers by. */
public enum GuardMode {
    /** It is refused. */
    ENFORCE,
    /** It is reported, and goes direct. */
    AUDIT,
    /** It goes direct. */
    OFF
}
