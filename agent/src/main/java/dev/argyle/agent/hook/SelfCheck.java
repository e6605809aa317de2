// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.net.Seam;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;

/**
 * Checks the code of all hooked classes at the start, on a build of the JDK that has not been seen: it would be checked
 * when it loads, and that may be hours later. The classes are read as resources and not loaded.
 */
final class SelfCheck {
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final int LAST_WITH_PLAIN_SOCKETS = 17;

    private SelfCheck() {}

    /**
     * Checks, unless the build is a known one.
     *
     * @throws IllegalArgumentException if a class is not as we know it
     * @throws IOException if a class cannot be read
     */
    static void run(Log log) throws IOException {
        String build = KnownBuilds.running();
        if (KnownBuilds.contains(build)) {
            return;
        }
        for (String className : Hooked.CLASSES) {
            check(className, WINDOWS);
        }
        checkSeam();
        if (log.isEnabled(LogLevel.INFO)) {
            log.log(LogLevel.INFO, "this build of Java has not been seen before, its code has been checked: " + build);
        }
    }

    private static void checkSeam() throws IOException {
        SeamCheck seam = new SeamCheck(WINDOWS);
        try {
            seam.checkReflected();
            for (byte[] seamClass : Seam.classes()) {
                seam.check(seamClass);
            }
        } catch (UnknownCodeException e) {
            throw new IllegalArgumentException(HookTransformer.cannotHook("sun/nio/ch") + e.getMessage(), e);
        }
    }

    /**
     * Checks a class, which may be missing where it is for other systems alone, by the JDK's way to name those, or where this
     * JVM has not the module that it is of, or from a release on.
     */
    static void check(String className, boolean windows) throws IOException {
        boolean sctp = className.startsWith(Hooked.SCTP_PACKAGE);
        Module module =
                sctp ? ModuleLayer.boot().findModule(Hooked.SCTP_MODULE).orElse(null) : Object.class.getModule();
        if (module == null) {
            return;
        }
        try (InputStream in = module.getResourceAsStream(className + ".class")) {
            if (in != null) {
                Rewriting.rewrite(Hooks.of(className), in.readAllBytes());
            } else if (!mayBeMissing(className, windows)) {
                throw new UnknownCodeException("there is no such class");
            }
        } catch (UnknownCodeException e) {
            throw new IllegalArgumentException(HookTransformer.cannotHook(className) + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(HookTransformer.cannotHook(className) + e, e);
        }
    }

    private static boolean mayBeMissing(String className, boolean windows) {
        return className.contains(windows ? "/Unix" : "/Windows")
                || className.startsWith(Hooked.PLAIN_PREFIX)
                        && Runtime.version().feature() > LAST_WITH_PLAIN_SOCKETS;
    }
}
