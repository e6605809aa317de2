// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;

/**
 * Given before ours and behind it: hands our hooks another class file than the JDK's, when NioSocketImpl has been hooked
 * already. Prints what it gets for that.
 */
public final class ChangingLate implements ClassFileTransformer {
    private static final String CLASS = "sun.nio.ch.NioSocketImpl";

    private static boolean before; // guarded by the class

    private ChangingLate() {}

    public static synchronized void premain(String argument, Instrumentation instrumentation) throws Exception {
        if (!before) {
            before = true;
            instrumentation.addTransformer(new ChangingLate(), true);
            return;
        }
        Class<?> hooked = Class.forName(CLASS);
        try {
            instrumentation.retransformClasses(hooked);
            System.out.println("retransformed");
            System.setProperty("changing.late", "true");
            instrumentation.retransformClasses(hooked);
            System.out.println("changed");
        } catch (ClassFormatError e) {
            System.out.println("not changed");
        }
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> classBeingRedefined,
            ProtectionDomain protectionDomain,
            byte[] bytes) {
        if (!CLASS.replace('.', '/').equals(className) || !Boolean.getBoolean("changing.late")) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.replace("pollConnectNow", "pollConnectXow").getBytes(StandardCharsets.ISO_8859_1);
    }
}
