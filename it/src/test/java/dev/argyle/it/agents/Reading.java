// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;

/** Started after ours, prints which of the JDK's classes ours has changed: those that name the seam. */
public final class Reading implements ClassFileTransformer {
    private static final String[] HOOKED = {
        "java.net.InetAddress", "sun.net.spi.DefaultProxySelector", "sun.nio.ch.NioSocketImpl"
    };

    private Reading() {}

    public static void premain(String argument, Instrumentation instrumentation) throws Exception {
        instrumentation.addTransformer(new Reading(), true);
        for (String name : HOOKED) {
            instrumentation.retransformClasses(Class.forName(name));
        }
        System.out.println("read");
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> classBeingRedefined,
            ProtectionDomain protectionDomain,
            byte[] bytes) {
        if (classBeingRedefined != null
                && new String(bytes, StandardCharsets.ISO_8859_1).contains("sun/nio/ch/SocksSeam")) {
            System.out.println("changed " + className);
        }
        return null;
    }
}
