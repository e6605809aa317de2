// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Socks5ProxySelector;
import java.net.ProxySelector;
import java.util.Arrays;

/**
 * Sets the library's ProxySelector, with the configuration of the system, then runs another program.
 *
 * <p>Arguments: the other program's main class, and its arguments.
 */
public final class SelectFirst {
    private SelectFirst() {}

    /** Sets the selector, and runs the other program. */
    public static void main(String[] args) throws ReflectiveOperationException {
        ProxySelector.setDefault(new Socks5ProxySelector());
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 1, args.length));
    }
}
