// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What the agent installs, key {@code hooks}. */
public enum HookMode {
    /** Its hooks in the JDK's own classes. */
    ALL,
    /** The JDK's plug-in points alone; no class is changed. */
    FACTORIES
}
