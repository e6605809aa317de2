// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * The end of a JVM whose agent cannot start, before the program has run: its connections would go direct. From Java 26 on
 * the JVM does not end before {@code premain} has returned (a halt there waits a minute for it), so another thread ends
 * it, and until then no class of the program can be loaded.
 */
public final class Refusal implements ClassFileTransformer, Runnable {
    private Refusal() {}

    /** Says why, in the words of an IllegalArgumentException or with the stack of any other, and sees to it that the JVM ends with status 1 as soon as the caller returns. */
    public static void refuse(Throwable reason, Instrumentation instrumentation) {
        if (reason instanceof IllegalArgumentException) {
            System.err.println("[argyle] " + reason.getMessage());
        } else {
            System.err.println("[argyle] The agent cannot start, and the program must not run without it:");
            reason.printStackTrace();
        }
        System.err.flush();
        Refusal refusal = new Refusal();
        instrumentation.addTransformer(refusal);
        new Thread(null, refusal, "argyle-refusal", 0, false).start();
    }

    @Override
    public void run() {
        Runtime.getRuntime().halt(1);
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> classBeingRedefined,
            @Nullable ProtectionDomain protectionDomain,
            byte[] bytes) {
        return loader == null ? null : new byte[0];
    }
}
