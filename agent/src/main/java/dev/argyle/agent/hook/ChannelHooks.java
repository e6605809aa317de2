// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The places of {@link Hooks} in channels and selection keys. */
final class ChannelHooks {
    private static final String IMPL = Hooked.SOCKET_CHANNEL_IMPL;
    private static final String UNIX = Hooked.UNIX_ASYNCHRONOUS_SOCKET_CHANNEL_IMPL;
    private static final String NET = "sun/nio/ch/Net";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String KEY = "L" + Hooked.SELECTION_KEY_IMPL + ";";
    private static final String SELECTABLE = "sun/nio/ch/SelChImpl";
    private static final String HANDLER = "Ljava/lang/Object;Ljava/nio/channels/CompletionHandler;";

    /** The constructor's, for a descriptor that there is. */
    private static final String ACCEPTED =
            "(Ljava/nio/channels/spi/SelectorProvider;Ljava/net/ProtocolFamily;" + FD + ADDRESS + ")V";

    private static final String CONNECT = "(" + ADDRESS + ")Z";
    private static final String BLOCKING_CONNECT = "(" + ADDRESS + "J)V";
    private static final String FINISH_CONNECT = "()Z";
    private static final String FINISH_TIMED_CONNECT = "(J)Z";

    private ChannelHooks() {}

    static List<Site> socketChannelImpl() {
        return List.of(
                Hooks.remote(CONNECT),
                connect(),
                blockingConnect(),
                pollConnect("connect", CONNECT, 1),
                pollConnect("finishConnect", FINISH_CONNECT, 2),
                pollConnect("finishTimedConnect", FINISH_TIMED_CONNECT, 2),
                park("connect", CONNECT, "I"),
                park("finishConnect", FINISH_CONNECT, "I"),
                park("finishTimedConnect", FINISH_TIMED_CONNECT, "IJ"),
                closing("implCloseSelectableChannel", IMPL),
                ListenHooks.localAddress("<init>", ACCEPTED),
                ListenHooks.localAddress("endConnect", "(ZZ)V"),
                ListenHooks.localAddress("endFinishConnect", "(ZZ)V"));
    }

    static List<Site> selectionKeyImpl() {
        return List.of(
                new Site.Call("translateInterestOps", "()I", 1, SELECTABLE, "translateInterestOps", "(I)I") {
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        hook(out, "translateInterestOps", "(L" + SELECTABLE + ";I" + KEY + ")I");
                    }
                },
                ready("translateAndSetReadyOps"),
                ready("translateAndUpdateReadyOps"));
    }

    static List<Site> asynchronousSocketChannelImpl() {
        return List.of(
                ListenHooks.localAddress(
                        "<init>", "(Lsun/nio/ch/AsynchronousChannelGroupImpl;" + FD + "Ljava/net/InetSocketAddress;)V"),
                asynchronousRemote("(" + ADDRESS + ")Ljava/util/concurrent/Future;"),
                asynchronousRemote("(" + ADDRESS + HANDLER + ")V"));
    }

    static List<Site> unixAsynchronousSocketChannelImpl() {
        String netConnect = "(" + FD + "Ljava/net/InetAddress;I)I";
        return List.of(
                new Site.Call(
                        "implConnect",
                        "(" + ADDRESS + HANDLER + ")Ljava/util/concurrent/Future;",
                        1,
                        NET,
                        "connect",
                        netConnect) {
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        hook(out, "connect", "(" + FD + "Ljava/net/InetAddress;IL" + UNIX + ";)I");
                    }
                },
                new Site.Head(
                        "onEvent",
                        "(IZ)V",
                        Site.CHANNELS,
                        "events",
                        "I",
                        Site.Then.REPLACE,
                        Site.Given.self("L" + UNIX + ";"),
                        Site.Given.argument(1, "I")),
                new Site.Call("finishConnect", "(Z)V", 1, UNIX, "checkConnect", "(I)V") {
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        hook(out, "connected", "(L" + UNIX + ";)V");
                        out.visitMethodInsn(opcode, UNIX, "checkConnect", "(I)V", false);
                    }
                },
                closing("implClose", UNIX),
                ListenHooks.localAddress("setConnected", "()V"));
    }

    private static void hook(MethodVisitor out, String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKESTATIC, Site.CHANNELS, name, descriptor, false);
    }

    private static Site closing(String method, String className) {
        return new Site.Head(
                method, "()V", Site.CHANNELS, "closing", "V", Site.Then.GO_ON, Site.Given.self("L" + className + ";"));
    }

    private static Site asynchronousRemote(String descriptor) {
        return new Site.Head(
                "connect",
                descriptor,
                Site.CHANNELS,
                "remote",
                ADDRESS,
                Site.Then.REPLACE,
                Site.Given.self("L" + Hooked.ASYNCHRONOUS_SOCKET_CHANNEL_IMPL + ";"),
                Site.Given.argument(1, ADDRESS));
    }

    private static Site connect() {
        return new Site.Call(
                "connect", CONNECT, 1, NET, "connect", "(Ljava/net/ProtocolFamily;" + FD + ADDRESS + ")I") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                forcedNonBlocking(shape, out);
                hook(out, "connect", "(Ljava/net/ProtocolFamily;" + FD + ADDRESS + "L" + IMPL + ";Z)I");
            }
        };
    }

    private static void forcedNonBlocking(Site.ClassShape shape, MethodVisitor out) {
        if (shape.hasForcedNonBlockingField) {
            out.visitVarInsn(Opcodes.ALOAD, 0);
            out.visitFieldInsn(Opcodes.GETFIELD, IMPL, Site.ClassShape.FORCED_NON_BLOCKING, "Z");
        } else {
            out.visitInsn(Opcodes.ICONST_0);
        }
    }

    private static Site blockingConnect() {
        return new Site.Call(
                "blockingConnect",
                BLOCKING_CONNECT,
                1,
                NET,
                "connect",
                "(Ljava/net/ProtocolFamily;" + FD + ADDRESS + ")I") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                out.visitVarInsn(Opcodes.LLOAD, 2);
                hook(out, "connect", "(Ljava/net/ProtocolFamily;" + FD + ADDRESS + "L" + IMPL + ";J)I");
            }
        };
    }

    private static Site pollConnect(String method, String descriptor, int count) {
        return new Site.Call(method, descriptor, count, NET, "pollConnectNow", "(" + FD + ")Z") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                forcedNonBlocking(shape, out);
                hook(out, "pollConnectNow", "(" + FD + "L" + IMPL + ";Z)Z");
            }
        };
    }

    private static Site park(String method, String descriptor, String arguments) {
        return new Site.Call(method, descriptor, 1, IMPL, "park", "(" + arguments + ")V") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                hook(out, "park", "(L" + IMPL + ";" + arguments + ")V");
            }
        };
    }

    private static Site ready(String method) {
        return new Site.Call(method, "(I)Z", 1, SELECTABLE, method, "(I" + KEY + ")Z") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                hook(out, method, "(L" + SELECTABLE + ";I" + KEY + ")Z");
            }
        };
    }
}
