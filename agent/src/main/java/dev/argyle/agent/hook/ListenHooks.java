// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The places of {@link Hooks} in listening sockets, and where the kernel is asked for a socket's own address. */
final class ListenHooks {
    private static final String IMPL = Hooked.NIO_SOCKET_IMPL;
    private static final String CHANNEL = Hooked.SERVER_SOCKET_CHANNEL_IMPL;
    private static final String ASYNCHRONOUS = Hooked.ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL;
    private static final String NET = "sun/nio/ch/Net";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String HOST = "Ljava/net/InetAddress;";
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String SOCKET_IMPL = "Ljava/net/SocketImpl;";
    private static final String FAMILY = "Ljava/net/ProtocolFamily;";
    private static final String INTERNET_ADDRESS = "Ljava/net/InetSocketAddress;";

    private ListenHooks() {}

    static List<Site> nioSocketImpl() {
        return List.of(
                new Site.Call("bind", "(" + HOST + "I)V", 1, NET, "bind", "(" + FD + HOST + "I)V") {
                    /** The address that the socket then has is in the local variable of what was asked for. */
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        out.visitFieldInsn(Opcodes.GETFIELD, IMPL, "server", "Z");
                        hook(out, "bind", "(" + FD + HOST + "I" + SOCKET_IMPL + "Z)" + HOST);
                        out.visitVarInsn(Opcodes.ASTORE, 1);
                    }
                },
                accept("accept", "(" + SOCKET_IMPL + ")V", 2),
                accept("timedAccept", "(" + FD + FD + "[" + INTERNET_ADDRESS + "J)I", 2),
                localAddress("bind", "(" + HOST + "I)V"),
                localAddress("accept", "(" + SOCKET_IMPL + ")V"),
                localAddress("endConnect", "(" + FD + "Z)V"),
                localAddress("getOption", "(I)Ljava/lang/Object;"));
    }

    static List<Site> serverSocket() {
        Site.Given impl = new Site.Given(0, "java/net/ServerSocket.impl", SOCKET_IMPL);
        return List.of(
                local("getInetAddress", "()" + HOST, impl),
                local("getLocalPort", "()I", impl),
                local("toString", "()Ljava/lang/String;", impl));
    }

    static List<Site> serverSocketChannelImpl() {
        Site.Given self = Site.Given.self("L" + CHANNEL + ";");
        String netBind = "(" + ADDRESS + "I)" + ADDRESS;
        return List.of(
                new Site.Call("netBind", netBind, 1, NET, "bind", "(" + FAMILY + FD + HOST + "I)V") {
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        hook(out, "bind", "(" + FAMILY + FD + HOST + "IL" + CHANNEL + ";)V");
                    }
                },
                localAddress("netBind", netBind),
                accept("implAccept", "(" + FD + FD + "[" + ADDRESS + ")I", 1),
                local("getLocalAddress", "()" + ADDRESS, self),
                local("localAddress", "()" + ADDRESS, self),
                closing("implCloseSelectableChannel", CHANNEL));
    }

    static List<Site> asynchronousServerSocketChannelImpl() {
        String bind = "(" + ADDRESS + "I)Ljava/nio/channels/AsynchronousServerSocketChannel;";
        return List.of(
                new Site.Call("bind", bind, 1, NET, "bind", "(" + FD + HOST + "I)V") {
                    @Override
                    void replace(ClassShape shape, MethodVisitor out, int opcode) {
                        out.visitVarInsn(Opcodes.ALOAD, 0);
                        hook(out, "bind", "(" + FD + HOST + "IL" + ASYNCHRONOUS + ";)V");
                    }
                },
                localAddress("bind", bind),
                local("getLocalAddress", "()" + ADDRESS, Site.Given.self("L" + ASYNCHRONOUS + ";")),
                // and not implClose, before which close waits for a bind to end
                closing("close", ASYNCHRONOUS));
    }

    static List<Site> unixAsynchronousServerSocketChannelImpl() {
        return List.of(
                accept("onEvent", "(IZ)V", 1),
                accept("implAccept", "(Ljava/lang/Object;Ljava/nio/channels/CompletionHandler;", 1));
    }

    /** A connection's own address may be that of the server, which a program tells its peers. */
    static Site localAddress(String method, String descriptor) {
        String localAddress = "(" + FD + ")" + INTERNET_ADDRESS;
        return new Site.Call(method, descriptor, 1, NET, "localAddress", localAddress) {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                hook(out, "localAddress", localAddress);
            }
        };
    }

    private static Site accept(String method, String descriptor, int count) {
        String accept = "(" + FD + FD + "[" + INTERNET_ADDRESS + ")I";
        return new Site.Call(method, descriptor, count, NET, "accept", accept) {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                hook(out, "accept", accept);
            }
        };
    }

    private static Site local(String method, String descriptor, Site.Given socket) {
        return new Site.Head(method, descriptor, Site.LISTENERS, "local", "V", Site.Then.GO_ON, socket);
    }

    private static Site closing(String method, String className) {
        return new Site.Head(
                method, "()V", Site.LISTENERS, "closing", "V", Site.Then.GO_ON, Site.Given.self("L" + className + ";"));
    }

    private static void hook(MethodVisitor out, String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKESTATIC, Site.LISTENERS, name, descriptor, false);
    }
}
