// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import dev.argyle.Configuration;

/**
 * Installs one configuration after the other, and says of each {@code installed} or the exception's class and message.
 *
 * <p>Arguments: the configurations, as the agent's argument has them.
 */
public final class InstallTwice {
    private InstallTwice() {}

    /** Installs them all. */
    public static void main(String[] args) {
        for (String configuration : args) {
            try {
                Argyle.install(Configuration.of(configuration));
                System.out.println("installed");
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getName() + ": " + e.getMessage());
            }
        }
    }
}
