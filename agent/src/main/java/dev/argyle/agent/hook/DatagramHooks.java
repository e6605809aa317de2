// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The places of {@link Hooks} where datagrams go out and come in. */
final class DatagramHooks {
    private static final String IMPL = Hooked.DATAGRAM_CHANNEL_IMPL;
    private static final String SELF = "L" + IMPL + ";";
    private static final String NET = "sun/nio/ch/Net";
    private static final String IO_UTIL = "sun/nio/ch/IOUtil";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String INTERNET_ADDRESS = "Ljava/net/InetSocketAddress;";
    private static final String INTERNET_HOST = "Ljava/net/InetAddress;";
    private static final String BUFFER = "Ljava/nio/ByteBuffer;";
    private static final String DISPATCHER = "Lsun/nio/ch/NativeDispatcher;";

    private static final String SEND = "(" + BUFFER + ADDRESS + ")I";
    private static final String ONE = "(" + BUFFER + ")I";
    private static final String MANY = "([" + BUFFER + "II)J";
    private static final String ONE_BY_NET = "(" + FD + BUFFER + "J" + DISPATCHER + ")I";
    private static final String MANY_BY_NET = "(" + FD + "[" + BUFFER + "II" + DISPATCHER + ")J";
    private static final String CONNECT = "(" + ADDRESS + "Z)Ljava/nio/channels/DatagramChannel;";

    private DatagramHooks() {}

    /** What sockets and adaptors send and receive goes through it, too. */
    static List<Site> datagramChannelImpl() {
        return List.of(
                new Site.Head(
                        "connect",
                        CONNECT,
                        Site.DATAGRAMS,
                        "peer",
                        ADDRESS,
                        Site.Then.REPLACE,
                        Site.Given.self(SELF),
                        Site.Given.argument(1, ADDRESS)),
                withSelf(
                        "connect",
                        CONNECT,
                        1,
                        NET,
                        "connect",
                        "(Ljava/net/ProtocolFamily;" + FD + INTERNET_HOST + "I)I",
                        "connect"),
                withSelf(
                        "disconnect",
                        "()Ljava/nio/channels/DatagramChannel;",
                        1,
                        IMPL,
                        "disconnect0",
                        "(" + FD + "Z)V",
                        "disconnect"),
                ofSelf("send", SEND, 2, "send", "(" + FD + BUFFER + INTERNET_ADDRESS + ")I", "send"),
                withSelf("send", SEND, 2, IO_UTIL, "write", ONE_BY_NET, "write"),
                withSelf("write", ONE, 2, IO_UTIL, "write", ONE_BY_NET, "write"),
                withSelf("write", MANY, 2, IO_UTIL, "write", MANY_BY_NET, "write"),
                ofSelf("send", SEND, 2, "park", "(I)V", "park"),
                ofSelf("write", ONE, 1, "park", "(I)V", "park"),
                ofSelf("write", MANY, 1, "park", "(I)V", "park"),
                ofSelf(
                        "receive",
                        "(" + BUFFER + "Z)I",
                        2,
                        "receiveIntoNativeBuffer",
                        "(" + BUFFER + "IIZ)I",
                        "receive"),
                new Site.Head(
                        "sourceSocketAddress",
                        "()" + INTERNET_ADDRESS,
                        Site.DATAGRAMS,
                        "source",
                        INTERNET_ADDRESS,
                        Site.Then.RETURN,
                        Site.Given.self(SELF)),
                withSelf("read", ONE, 2, IO_UTIL, "read", ONE_BY_NET, "read"),
                withSelf("read", MANY, 2, IO_UTIL, "read", MANY_BY_NET, "read"),
                new Site.Head(
                        "implCloseSelectableChannel",
                        "()V",
                        Site.DATAGRAMS,
                        "closing",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.self(SELF)),
                new Site.Head(
                        "innerJoin",
                        "(" + INTERNET_HOST + "Ljava/net/NetworkInterface;" + INTERNET_HOST
                                + ")Ljava/nio/channels/MembershipKey;",
                        Site.DATAGRAMS,
                        "join",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.self(SELF),
                        Site.Given.argument(1, INTERNET_HOST)));
    }

    /** On Java 17 and 21, where a Socket can be one of datagrams. */
    static List<Site> nioSocketImpl() {
        return List.of(
                stream("implRead", "([BII)I", "tryRead"),
                stream("timedRead", "(" + FD + "[BIIJ)I", "tryRead"),
                stream("implWrite", "([BII)I", "tryWrite"));
    }

    /** A static call, whose replacement is given the channel last. */
    private static Site withSelf(
            String method,
            String descriptor,
            int count,
            String owner,
            String call,
            String callDescriptor,
            String hook) {
        return new Site.Call(method, descriptor, count, owner, call, callDescriptor) {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                int end = callDescriptor.indexOf(')');
                hook(out, hook, callDescriptor.substring(0, end) + SELF + callDescriptor.substring(end));
            }
        };
    }

    /** A call of the channel's own, whose replacement is given the channel first. */
    private static Site ofSelf(
            String method, String descriptor, int count, String call, String callDescriptor, String hook) {
        return new Site.Call(method, descriptor, count, IMPL, call, callDescriptor) {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                hook(out, hook, "(" + SELF + callDescriptor.substring(1));
            }
        };
    }

    private static Site stream(String method, String descriptor, String call) {
        String callDescriptor = "(" + FD + "[BII)I";
        return new Site.Call(method, descriptor, 2, Hooked.NIO_SOCKET_IMPL, call, callDescriptor) {
            @Override
            int count(ClassShape shape) {
                return shape.hasStreamField ? super.count(shape) : 0;
            }

            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                out.visitFieldInsn(Opcodes.GETFIELD, Hooked.NIO_SOCKET_IMPL, "stream", "Z");
                hook(out, call, "(Ljava/net/SocketImpl;" + FD + "[BIIZ)I");
            }
        };
    }

    private static void hook(MethodVisitor out, String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKESTATIC, Site.DATAGRAMS, name, descriptor, false);
    }
}
