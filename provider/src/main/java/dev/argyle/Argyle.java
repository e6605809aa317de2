// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

/** What this build is. Safe for use by any thread. */
public final class Argyle {
    private Argyle() {}

    /** Returns the version of this build, as the jar's manifest has it. */
    public static String version() {
        String version = Argyle.class.getPackage().getImplementationVersion();
        return version == null ? "of a build tree" : version;
    }
}
