// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the hooked classes as they load, and those that were loaded before. The JVM goes on with the class as it was if
 * a transformer throws, so this one makes the class unusable and ends the JVM instead. A class that another agent has
 * retransformed stays as it was, hooked. Safe for use by any thread.
 */
final class HookTransformer implements ClassFileTransformer {
    /**
     * No class file: whoever needs the class gets an error, and no connection. An empty array would not do: the JVM takes it
     * for a transformer that has failed.
     */
    private static final byte[] UNUSABLE = {0};

    private final NativeTransports nativeTransports;
    private final Set<String> hooked = ConcurrentHashMap.newKeySet();

    /** @param nativeTransports is told of all classes that are not hooked, of those of other loaders that have been loaded too */
    HookTransformer(NativeTransports nativeTransports) {
        this.nativeTransports = nativeTransports;
    }

    /** Hooks what is loaded, and sees to what will be. */
    void install(Instrumentation instrumentation) throws UnmodifiableClassException {
        instrumentation.addTransformer(this, true);
        Set<String> binaryNames = new HashSet<>();
        for (String className : Hooked.CLASSES) {
            binaryNames.add(className.replace('/', '.'));
        }
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            // a name is made when it is first asked for, so the cheap questions come first
            if (type.isArray() || type.isInterface()) {
                continue;
            }
            if (type.getClassLoader() != null) {
                nativeTransports.loaded(type.getName().replace('.', '/'));
            } else if (binaryNames.contains(type.getName())) {
                retransform(type, instrumentation);
            }
        }
    }

    private void retransform(Class<?> type, Instrumentation instrumentation) throws UnmodifiableClassException {
        try {
            instrumentation.retransformClasses(type);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(type.getName() + ", loaded before the agent, cannot be hooked: " + e, e);
        }
        if (!hooked.contains(type.getName().replace('.', '/'))) {
            throw new IllegalArgumentException(type.getName() + " was loaded before the agent and could not be hooked");
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> classBeingRedefined,
            @Nullable ProtectionDomain protectionDomain,
            byte[] bytes) {
        if (className == null) {
            return null;
        }
        if (loader != null || !Hooked.CLASSES.contains(className)) {
            return classBeingRedefined == null && nativeTransports.isRefused(className) ? UNUSABLE.clone() : null;
        }
        try {
            byte[] rewritten = Rewriting.rewrite(Hooks.of(className), bytes);
            hooked.add(className);
            return rewritten;
        } catch (Throwable e) {
            boolean unknownCode = e instanceof UnknownCodeException;
            String message = cannotHook(className) + (unknownCode ? e.getMessage() : e);
            Throwable cause = unknownCode ? null : e;
            if (classBeingRedefined == null) {
                Fatal.end(className, message, cause);
            }
            Fatal.say(message, cause);
            return UNUSABLE.clone();
        }
    }

    /** What is said before the reason. */
    static String cannotHook(String className) {
        return "Cannot hook " + className.replace('/', '.') + " of Java " + System.getProperty("java.runtime.version")
                + ", and without it connections would go direct: ";
    }
}
