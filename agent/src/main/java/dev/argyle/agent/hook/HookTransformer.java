// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the hooked classes as they load, and those that were loaded before. The JVM goes on with the class as it was if
 * a transformer throws, so this one makes the class unusable and ends the JVM instead. Safe for use by any thread.
 */
final class HookTransformer implements ClassFileTransformer {
    /** No class file: whoever needs the class gets an error, and no connection. */
    private static final byte[] UNUSABLE = {};

    private final Map<String, List<Site>> hooks = Hooks.byClass();
    private final Set<String> hooked = ConcurrentHashMap.newKeySet();

    /** Hooks what is loaded, and sees to what will be. */
    void install(Instrumentation instrumentation) throws UnmodifiableClassException {
        instrumentation.addTransformer(this, true);
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (type.getClassLoader() == null) {
                String name = type.getName().replace('.', '/');
                if (hooks.containsKey(name)) {
                    retransform(type, instrumentation);
                    if (!hooked.contains(name)) {
                        throw new IllegalArgumentException(
                                type.getName() + " was loaded before the agent and could not be hooked");
                    }
                }
            }
        }
    }

    private static void retransform(Class<?> type, Instrumentation instrumentation) throws UnmodifiableClassException {
        try {
            instrumentation.retransformClasses(type);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(type.getName() + ", loaded before the agent, cannot be hooked: " + e, e);
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> classBeingRedefined,
            @Nullable ProtectionDomain protectionDomain,
            byte[] bytes) {
        if (loader != null || className == null) {
            return null;
        }
        List<Site> sites = hooks.get(className);
        if (sites == null) {
            return null;
        }
        try {
            byte[] rewritten = rewrite(sites, bytes);
            hooked.add(className);
            return rewritten;
        } catch (UnknownCodeException e) {
            Fatal.end(cannotHook(className) + e.getMessage(), null);
        } catch (Throwable e) {
            Fatal.end(cannotHook(className) + e, e);
        }
        return UNUSABLE;
    }

    private static String cannotHook(String className) {
        return "Cannot hook " + className.replace('/', '.') + " of Java " + System.getProperty("java.runtime.version")
                + ", and without it connections would go direct: ";
    }

    private static byte[] rewrite(List<Site> sites, byte[] bytes) throws UnknownCodeException {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        Site.Hits[] hits = new Site.Hits[sites.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = new Site.Hits();
        }
        reader.accept(new Rewriter(writer, sites, hits), 0);
        for (int i = 0; i < hits.length; i++) {
            Site site = sites.get(i);
            if (hits[i].count != site.count) {
                throw new UnknownCodeException(
                        "it has " + hits[i].count + " " + site.name() + ", expected " + site.count
                                + "; this version of the agent does not know this JDK, or another agent has changed the class");
            }
        }
        return writer.toByteArray();
    }

    /** A class is not as we know it. */
    private static final class UnknownCodeException extends Exception {
        private static final long serialVersionUID = 1;

        UnknownCodeException(String message) {
            super(message);
        }
    }

    private static final class Rewriter extends ClassVisitor {
        private final List<Site> sites;
        private final Site.Hits[] hits;
        private final Site.ClassShape shape = new Site.ClassShape();

        Rewriter(ClassWriter writer, List<Site> sites, Site.Hits[] hits) {
            super(Opcodes.ASM9, writer);
            this.sites = sites;
            this.hits = hits;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            shape.hasStreamField |= name.equals("stream") && descriptor.equals("Z");
            return super.visitField(access, name, descriptor, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor visitor = super.visitMethod(access, name, descriptor, signature, exceptions);
            for (int i = 0; i < hits.length; i++) {
                Site site = sites.get(i);
                if (name.equals(site.method) && descriptor.startsWith(site.descriptor)) {
                    visitor = site.rewrite(shape, visitor, hits[i]);
                }
            }
            return visitor;
        }
    }
}
