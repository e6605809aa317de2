// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

package dev.argyle.observe;

/** How much is told, from nothing to everything. */
public enum LogLevel {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG
}
