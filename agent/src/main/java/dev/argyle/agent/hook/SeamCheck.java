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
 * Checks that what the seam's classes and the agent use of the JDK's internals is there, which would be found out when they use it:
 * perhaps not before a server fails, or a deadline comes. Thread-confined.
 */
final class SeamCheck {
    private static final String INTERNALS = "sun/nio/ch/";
    private static final String OURS = INTERNALS + "Socks";
    private static final String DATAGRAM_CHANNEL_IMPL = INTERNALS + "DatagramChannelImpl";
    private static final String INET_ADDRESS = "java/net/InetAddress";
    private static final String LOCK = "Ljava/util/concurrent/locks/ReentrantLock;";

    /** What is looked for by name: class, name and descriptor. */
    private static final String[][] REFLECTED = {
        {INTERNALS + "SocketChannelImpl", "readLock", LOCK},
        {INTERNALS + "SocketChannelImpl", "writeLock", LOCK},
        {"java/nio/channels/spi/AbstractSelectableChannel", "forEach", "(Ljava/util/function/Consumer;)V"},
        {INTERNALS + "ServerSocketChannelImpl", "localAddress", "Ljava/net/SocketAddress;"},
        {"java/net/SocketImpl", "address", "Ljava/net/InetAddress;"},
        {"java/net/SocketImpl", "fd", "Ljava/io/FileDescriptor;"},
        {"java/net/SocketImpl", "localport", "I"},
        {DATAGRAM_CHANNEL_IMPL, "disconnect0", "(Ljava/io/FileDescriptor;Z)V"},
        {DATAGRAM_CHANNEL_IMPL, "family", "Ljava/net/ProtocolFamily;"},
        {DATAGRAM_CHANNEL_IMPL, "receiveIntoNativeBuffer", "(Ljava/nio/ByteBuffer;IIZ)I"},
        {DATAGRAM_CHANNEL_IMPL, "send", "(Ljava/io/FileDescriptor;Ljava/nio/ByteBuffer;Ljava/net/InetSocketAddress;)I"},
        {DATAGRAM_CHANNEL_IMPL, "sourceSocketAddress", "()Ljava/net/InetSocketAddress;"},
        {INET_ADDRESS, "impl", "Ljava/net/InetAddressImpl;"},
        {"java/net/InetAddressImpl", "getLocalHostName", "()Ljava/lang/String;"},
        RealNames.hasResolvers()
                ? new String[] {INET_ADDRESS, "resolver", "()Ljava/net/spi/InetAddressResolver;"}
                : new String[] {INET_ADDRESS, "nameService", "Ljava/net/InetAddress$NameService;"}
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

    /** Checks what a class of the seam uses: the members in its constant pool. */
    void check(byte[] seamClass) throws IOException, UnknownCodeException {
        ClassReader reader = new ClassReader(seamClass);
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int item = reader.getItem(i);
            if (item == 0 || !isMember(reader.readByte(item - 1))) {
                continue;
            }
            String owner = reader.readClass(item, buffer);
            if (isInternal(owner)) {
                int nameAndType = reader.getItem(reader.readUnsignedShort(item + 2));
                String member = reader.readUTF8(nameAndType, buffer) + reader.readUTF8(nameAndType + 2, buffer);
                if (!isThere(owner, member)) {
                    throw missing(owner, member);
                }
            }
        }
    }

    private static boolean isInternal(String owner) {
        return owner.startsWith(INTERNALS) ? !owner.startsWith(OURS) : owner.startsWith("jdk/internal/");
    }

    /** JVM specification, section 4.4.2: Fieldref, Methodref, InterfaceMethodref. */
    private static boolean isMember(int tag) {
        return tag >= 9 && tag <= 11;
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

    private static final class Members extends ClassVisitor {
        /** Each as its name and its descriptor in one. */
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
