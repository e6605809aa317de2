// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.observe;

/** How much the log tells, from nothing to everything. */
public enum LogLevel {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG
}
