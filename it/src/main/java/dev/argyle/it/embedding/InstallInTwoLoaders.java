// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Has the library twice, each in a class loader of its own as in an application server, and installs a configuration with
 * each. Says of each {@code installed} or what was thrown.
 *
 * <p>Arguments: the library's jar, and a configuration for each loader, as the agent's argument has them.
 */
public final class InstallInTwoLoaders {
    private InstallInTwoLoaders() {}

    /** Installs them all. */
    public static void main(String[] args) throws Exception {
        URL[] library = {Path.of(args[0]).toUri().toURL()};
        for (int i = 1; i < args.length; i++) {
            try (URLClassLoader loader = new URLClassLoader(library, ClassLoader.getPlatformClassLoader())) {
                Class<?> configuration = loader.loadClass("dev.argyle.Configuration");
                loader.loadClass("dev.argyle.Argyle")
                        .getMethod("install", configuration)
                        .invoke(
                                null,
                                configuration.getMethod("of", String.class).invoke(null, args[i]));
                System.out.println("installed");
            } catch (InvocationTargetException e) {
                System.out.println(e.getCause());
            }
        }
    }
}
