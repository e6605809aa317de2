// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what the seam's classes use of the JDK's internals is there, which the JVM would find out when they use it:
 * perhaps not before a server fails, or a deadline comes. Thread-confined.
 */
final class SeamCheck {
    private static final String INTERNALS = "sun/nio/ch/";
    private static final String OURS = INTERNALS + "Socks";
    private static final String LOCK = "Ljava/util/concurrent/locks/ReentrantLock;";

    /** What they look for by name: class, name and descriptor. */
    private static final String[][] REFLECTED = {
        {INTERNALS + "SocketChannelImpl", "readLock", LOCK},
        {INTERNALS + "SocketChannelImpl", "writeLock", LOCK},
        {"java/nio/channels/spi/AbstractSelectableChannel", "forEach", "(Ljava/util/function/Consumer;)V"},
        {INTERNALS + "DatagramChannelImpl", "disconnect0", "(Ljava/io/FileDescriptor;Z)V"}
    };

    private final boolean windows;
    private final Map<String, Members> classes = new HashMap<>();

    /** @param windows whether classes of Unix may be missing */
    SeamCheck(boolean windows) {
        this.windows = windows;
    }

    /** Checks what is looked for by name. */
    void checkReflected() throws IOException, UnknownCodeException {
        for (String[] each : REFLECTED) {
            Members members = members(each[0]);
            if (members == null || !members.all.contains(each[1] + each[2])) {
                throw missing(each[0], each[1] + each[2]);
            }
        }
    }

    /** Checks what a class of the seam uses. */
    void check(byte[] seamClass) throws IOException, UnknownCodeException {
        Set<Use> uses = new HashSet<>();
        new ClassReader(seamClass).accept(new Uses(uses), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        for (Use use : uses) {
            if (!isThere(use.owner, use.member)) {
                throw missing(use.owner, use.member);
            }
        }
    }

    private static UnknownCodeException missing(String owner, String member) {
        return new UnknownCodeException(
                owner.replace('/', '.') + " has no " + member + "; this version of the agent does not know this JDK");
    }

    private boolean isThere(String owner, String member) throws IOException {
        Members members = members(owner);
        if (members == null) {
            return windows && (owner.startsWith(INTERNALS + "Unix") || owner.equals(INTERNALS + "Port"));
        }
        if (members.visible.contains(member)) {
            return true;
        }
        for (String parent : members.parents) {
            if (isThere(parent, member)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Members members(String className) throws IOException {
        Members members = classes.get(className);
        if (members == null) {
            try (InputStream in = Object.class.getResourceAsStream("/" + className + ".class")) {
                if (in == null) {
                    return null;
                }
                members = new Members();
                new ClassReader(in.readAllBytes()).accept(members, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
            }
            classes.put(className, members);
        }
        return members;
    }

    /** @param member its name and its descriptor in one */
    private record Use(String owner, String member) {}

    private static final class Uses extends ClassVisitor {
        private final Set<Use> uses;

        Uses(Set<Use> uses) {
            super(Opcodes.ASM9);
            this.uses = uses;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    use(owner, field + type);
                }

                @Override
                public void visitMethodInsn(int opcode, String owner, String method, String type, boolean isInterface) {
                    use(owner, method + type);
                }
            };
        }

        private void use(String owner, String member) {
            if (owner.startsWith(INTERNALS) && !owner.startsWith(OURS)) {
                uses.add(new Use(owner, member));
            }
        }
    }

    private static final class Members extends ClassVisitor {
        /** Each as in {@link Use}. */
        final Set<String> all = new HashSet<>();

        final Set<String> visible = new HashSet<>();
        final Set<String> parents = new HashSet<>();

        Members() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            if (superName != null) {
                parents.add(superName);
            }
            parents.addAll(Set.of(interfaces));
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, String signature, Object value) {
            add(access, name + descriptor);
            return null;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            add(access, name + descriptor);
            return null;
        }

        private void add(int access, String member) {
            all.add(member);
            if ((access & Opcodes.ACC_PRIVATE) == 0) {
                visible.add(member);
            }
        }
    }
}
