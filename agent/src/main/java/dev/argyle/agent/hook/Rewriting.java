// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Rewrites a class at its sites. Loads ASM, so it is loaded only when the first hooked class is. */
final class Rewriting {
    private Rewriting() {}

    /** @throws UnknownCodeException if a site is not found as often as it must be */
    static byte[] rewrite(List<Site> sites, byte[] bytes) throws UnknownCodeException {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        Site.Hits[] hits = new Site.Hits[sites.size()];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = new Site.Hits();
        }
        Rewriter rewriter = new Rewriter(writer, sites, hits);
        reader.accept(rewriter, 0);
        for (int i = 0; i < hits.length; i++) {
            Site site = sites.get(i);
            int expected = site.count(rewriter.shape);
            if (hits[i].count != expected) {
                throw new UnknownCodeException("it has " + hits[i].count + " " + site.name() + ", expected " + expected
                        + "; this version of the agent does not know this JDK, or another agent has changed the class");
            }
        }
        return writer.toByteArray();
    }

    private static final class Rewriter extends ClassVisitor {
        private final List<Site> sites;
        private final Site.Hits[] hits;
        final Site.ClassShape shape = new Site.ClassShape();

        Rewriter(ClassWriter writer, List<Site> sites, Site.Hits[] hits) {
            super(Opcodes.ASM9, writer);
            this.sites = sites;
            this.hits = hits;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
            shape.hasStreamField |= name.equals("stream") && descriptor.equals("Z");
            shape.hasDescriptorField |= name.equals("fdVal") && descriptor.equals("I");
            shape.hasForcedNonBlockingField |=
                    name.equals(Site.ClassShape.FORCED_NON_BLOCKING) && descriptor.equals("Z");
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
