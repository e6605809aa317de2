// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.Set;

/**
 * The builds of the JDK that the tests have run on, all of them or the contract, whose hooked classes are therefore known.
 * Those of another vendor, version, operating system or processor are other builds. Vendor and full version are compiled
 * into the JDK and cannot be set on the command line.
 */
final class KnownBuilds {
    private static final Set<String> BUILDS = Set.of(
            "Debian 17.0.21+9-1-deb12u1-Debian Linux amd64",
            "Debian 21.0.12.1+1-1-deb13u1-Debian Linux amd64",
            "Eclipse Adoptium 25.0.3+9-LTS Linux amd64",
            "Debian 26.0.2.1+1-1-Debian Linux amd64",
            "Debian 27-ea+34-1-Debian Linux amd64");

    private KnownBuilds() {}

    static boolean contains(String build) {
        return BUILDS.contains(build);
    }

    /** Returns the build that is running, as it would stand in the list. */
    static String running() {
        return System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version") + " "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }
}
