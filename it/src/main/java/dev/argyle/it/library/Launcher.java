// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.library;

import dev.argyle.Argyle;
import dev.argyle.Socks5ProxySelector;
import java.net.ProxySelector;
import java.util.Arrays;

/**
 * Does first what a program does that uses the library, then runs a program that knows nothing of it.
 *
 * <p>Arguments: {@code install} or {@code select}, both with the configuration of the system; the program's main class; its
 * arguments.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        switch (args[0]) {
            case "install" -> Argyle.install();
            case "select" -> ProxySelector.setDefault(new Socks5ProxySelector());
            default -> throw new IllegalArgumentException(args[0]);
        }
        Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 2, args.length));
    }
}
