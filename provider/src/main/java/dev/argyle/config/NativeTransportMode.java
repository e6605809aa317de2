// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/** What the agent does about transports that are not the JDK's, key {@code native-transports}. */
public enum NativeTransportMode {
    /** They are switched off; a line in the log says so if one is loaded all the same. */
    DISABLE,
    /** They are left as they are; a line in the log says so if one is loaded. */
    WARN,
    /** They are left as they are, without a word. */
    ALLOW
}
