// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Arrays;

/**
 * Hands our hooks another class file than the JDK's. Argument: "internal/class/Name old new", where two strings of equal
 * length stand for a constant to be changed, or "internal/class/Name version", which makes the class file one of a release
 * that nobody knows.
 */
public final class Changing implements ClassFileTransformer {
    private final String[] words;

    private Changing(String[] words) {
        this.words = words;
    }

    public static void premain(String argument, Instrumentation instrumentation) {
        instrumentation.addTransformer(new Changing(argument.split(" ", -1)));
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> classBeingRedefined,
            ProtectionDomain protectionDomain,
            byte[] bytes) {
        if (!words[0].equals(className)) {
            return null;
        }
        byte[] changed = bytes.clone();
        if (words[1].equals("version")) {
            changed[6] = 0x7F;
            return changed;
        }
        byte[] old = words[1].getBytes(StandardCharsets.US_ASCII);
        byte[] other = words[2].getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < changed.length - old.length; i++) {
            if (Arrays.equals(changed, i, i + old.length, old, 0, old.length)) {
                System.arraycopy(other, 0, changed, i, other.length);
            }
        }
        return changed;
    }
}
