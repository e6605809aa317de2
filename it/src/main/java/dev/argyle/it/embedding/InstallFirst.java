// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import java.util.Arrays;

/**
 * Installs the library by the system properties, then runs another program.
 *
 * <p>Arguments: the other program's main class, and its arguments. Where nothing can be installed it prints the exception's
 * class and message, and runs nothing.
 */
public final class InstallFirst {
    private InstallFirst() {}

    /** Installs, and runs the other program. */
    public static void main(String[] args) throws ReflectiveOperationException {
        try {
            Argyle.install();
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
            return;
        }
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 1, args.length));
    }
}
