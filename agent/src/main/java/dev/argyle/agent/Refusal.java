// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * The end of a JVM whose agent cannot start, before the program has run: its connections would go direct.
 *
 * <p>Nobody halts it. A halt within {@code premain} waits a minute for it from Java 26 on; one from another thread comes too
 * late, since a JVM that halts asks no transformer any more and lets its other threads go on meanwhile. So the main class
 * cannot be loaded, whereupon the launcher ends the JVM with status 1.
 */
public final class Refusal implements ClassFileTransformer {
    /** No class. An empty array would not do: the JVM takes it for an answer that has failed, and the class as it is. */
    private static final byte[] UNUSABLE = {0};

    private final String mainClass;

    private Refusal(String mainClass) {
        this.mainClass = mainClass;
    }

    /** Says why, in the words of an IllegalArgumentException or with the stack of any other, and sees to it that the JVM ends with status 1 when the caller has returned. */
    @SuppressWarnings("removal")
    public static void refuse(Throwable reason, Instrumentation instrumentation) {
        if (reason instanceof IllegalArgumentException) {
            System.err.println("[argyle] " + reason.getMessage());
        } else {
            System.err.println("[argyle] The agent cannot start, and the program must not run without it:");
            reason.printStackTrace();
        }
        System.err.flush();
        String mainClass = "";
        try {
            mainClass = AccessController.doPrivileged(new PrivilegedAction<String>() {
                @Override
                public String run() {
                    // what the launcher will say of the main class is not the reason
                    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
                    return mainClass(System.getProperty("sun.java.command", ""));
                }
            });
        } catch (SecurityException e) {
            // then the launcher says so, too
        }
        instrumentation.addTransformer(new Refusal(mainClass));
    }

    private static String mainClass(String command) {
        int space = command.indexOf(' ');
        String subject = space < 0 ? command : command.substring(0, space);
        return subject.substring(subject.indexOf('/') + 1).replace('.', '/');
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> classBeingRedefined,
            @Nullable ProtectionDomain protectionDomain,
            byte[] bytes) {
        return loader != null || mainClass.equals(className) ? UNUSABLE : null;
    }
}
