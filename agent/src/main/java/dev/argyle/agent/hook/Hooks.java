// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The places that are hooked: the same, and as many, on each JDK from 17 on. A class in which another number is found is
 * not one that we know, and the JVM must not go on with it.
 */
final class Hooks {
    private static final String IMPL = Hooked.NIO_SOCKET_IMPL;
    private static final String NET = "sun/nio/ch/Net";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String ADDRESS = "Ljava/net/SocketAddress;";
    private static final String CONNECT = "(" + ADDRESS + "I)V";
    private static final String TIMED_FINISH_CONNECT = "(" + FD + "J)Z";

    private Hooks() {}

    /** The sites of one of {@link Hooked#CLASSES}. */
    static List<Site> of(String className) {
        return switch (className) {
            case Hooked.NIO_SOCKET_IMPL -> nioSocketImpl();
            case Hooked.INET_ADDRESS -> inetAddress();
            case Hooked.DEFAULT_PROXY_SELECTOR ->
                List.of(new Site.Return("select", "(Ljava/net/URI;)", 2, "withoutSocks", "Ljava/util/List;"));
            case Hooked.SOCKET_CHANNEL_IMPL -> ChannelHooks.socketChannelImpl();
            case Hooked.SOCKET_ADAPTOR -> List.of(remote(CONNECT));
            case Hooked.SELECTION_KEY_IMPL -> ChannelHooks.selectionKeyImpl();
            case Hooked.ASYNCHRONOUS_SOCKET_CHANNEL_IMPL -> ChannelHooks.asynchronousSocketChannelImpl();
            case Hooked.UNIX_ASYNCHRONOUS_SOCKET_CHANNEL_IMPL -> ChannelHooks.unixAsynchronousSocketChannelImpl();
            case Hooked.SERVER_SOCKET -> ListenHooks.serverSocket();
            case Hooked.SERVER_SOCKET_CHANNEL_IMPL -> ListenHooks.serverSocketChannelImpl();
            case Hooked.ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL -> ListenHooks.asynchronousServerSocketChannelImpl();
            case Hooked.UNIX_ASYNCHRONOUS_SERVER_SOCKET_CHANNEL_IMPL ->
                ListenHooks.unixAsynchronousServerSocketChannelImpl();
            case Hooked.DATAGRAM_CHANNEL_IMPL -> DatagramHooks.datagramChannelImpl();
            case Hooked.PLAIN_SOCKET_IMPL -> GuardHooks.plainSocketImpl();
            case Hooked.PLAIN_DATAGRAM_SOCKET_IMPL -> GuardHooks.plainDatagramSocketImpl();
            case Hooked.SOCKET_CHANNEL -> GuardHooks.provided("socketChannel", "spi/SelectorProvider");
            case Hooked.DATAGRAM_CHANNEL -> GuardHooks.provided("datagramChannel", "spi/SelectorProvider");
            case Hooked.ASYNCHRONOUS_SOCKET_CHANNEL ->
                GuardHooks.provided("asynchronousSocketChannel", "spi/AsynchronousChannelProvider");
            case Hooked.SCTP_CHANNEL_IMPL -> GuardHooks.sctpChannelImpl();
            case Hooked.SCTP_MULTI_CHANNEL_IMPL -> GuardHooks.sctpMultiChannelImpl();
            default -> throw new AssertionError(className);
        };
    }

    /** At the head of a connect: what to connect to, in place of what was given. */
    static Site remote(String connectDescriptor) {
        return new Site.Head(
                "connect",
                connectDescriptor,
                Site.SEAM,
                "remote",
                ADDRESS,
                Site.Then.REPLACE,
                Site.Given.argument(1, ADDRESS));
    }

    private static List<Site> nioSocketImpl() {
        List<Site> sites = new ArrayList<>(DatagramHooks.nioSocketImpl());
        sites.addAll(ListenHooks.nioSocketImpl());
        sites.addAll(List.of(
                remote(CONNECT),
                beginConnect(),
                pollConnect("connect", CONNECT, 1),
                pollConnect("timedFinishConnect", TIMED_FINISH_CONNECT, 2),
                park("connect", CONNECT, "(" + FD + "I)V"),
                park("timedFinishConnect", TIMED_FINISH_CONNECT, "(" + FD + "IJ)V"),
                new Site.Head(
                        "endConnect",
                        "(" + FD + "Z)V",
                        Site.SEAM,
                        "ended",
                        "V",
                        Site.Then.GO_ON,
                        Site.Given.argument(1, FD)),
                new Site.Head(
                        "close",
                        "()V",
                        Site.SEAM,
                        "closing",
                        "V",
                        Site.Then.GO_ON,
                        new Site.Given(0, IMPL + ".fd", FD))));
        return sites;
    }

    private static List<Site> inetAddress() {
        return List.of(
                new Site.Head(
                        "getAddressesFromNameService",
                        "(Ljava/lang/String;",
                        Site.SEAM,
                        "addresses",
                        "[Ljava/net/InetAddress;",
                        Site.Then.RETURN,
                        Site.Given.argument(0, "Ljava/lang/String;")),
                new Site.Return(
                        "getAddressesFromNameService",
                        "(Ljava/lang/String;",
                        1,
                        "lookedUp",
                        "[Ljava/net/InetAddress;",
                        Site.Given.argument(0, "Ljava/lang/String;")),
                new Site.Head(
                        "isReachable",
                        "(Ljava/net/NetworkInterface;II)Z",
                        Site.SEAM,
                        "mustNotBeProbed",
                        "Z",
                        Site.Then.RETURN_FALSE,
                        Site.Given.self("Ljava/net/InetAddress;"),
                        Site.Given.argument(2, "I"),
                        Site.Given.argument(3, "I")),
                new Site.Head(
                        "getHostFromNameService",
                        "(Ljava/net/InetAddress;",
                        Site.SEAM,
                        "host",
                        "Ljava/lang/String;",
                        Site.Then.RETURN,
                        Site.Given.argument(0, "Ljava/net/InetAddress;")));
    }

    /** The call has fd, address and port on the stack; the seam needs more, which is in locals and fields. */
    private static Site beginConnect() {
        return new Site.Call("connect", CONNECT, 1, NET, "connect", "(" + FD + "Ljava/net/InetAddress;I)I") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitVarInsn(Opcodes.ALOAD, 1);
                out.visitVarInsn(Opcodes.ILOAD, 2);
                out.visitVarInsn(Opcodes.ALOAD, 0);
                out.visitFieldInsn(Opcodes.GETFIELD, IMPL, "nonBlocking", "Z");
                out.visitVarInsn(Opcodes.ALOAD, 0);
                out.visitFieldInsn(Opcodes.GETFIELD, IMPL, "localport", "I");
                if (shape.hasStreamField) {
                    out.visitVarInsn(Opcodes.ALOAD, 0);
                    out.visitFieldInsn(Opcodes.GETFIELD, IMPL, "stream", "Z");
                } else {
                    out.visitInsn(Opcodes.ICONST_1);
                }
                out.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        SEAM,
                        "connect",
                        "(" + FD + "Ljava/net/InetAddress;ILjava/net/SocketAddress;IZIZ)I",
                        false);
            }
        };
    }

    private static Site pollConnect(String method, String descriptor, int count) {
        return new Site.Call(method, descriptor, count, NET, "pollConnectNow", "(" + FD + ")Z") {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                out.visitMethodInsn(opcode, SEAM, "pollConnectNow", "(" + FD + ")Z", false);
            }
        };
    }

    /**
     * The call stays, since it knows about virtual threads and about closing, but with the event and the time that the
     * handshake waits for. The stack is worked on in place: {@code this, fd, event, nanos}.
     */
    private static Site park(String method, String descriptor, String parkDescriptor) {
        return new Site.Call(method, descriptor, 1, IMPL, "park", parkDescriptor) {
            @Override
            void replace(ClassShape shape, MethodVisitor out, int opcode) {
                if (parkDescriptor.indexOf('J') < 0) {
                    out.visitInsn(Opcodes.LCONST_0); // the JDK's own call with two arguments does the same
                }
                out.visitInsn(Opcodes.DUP2_X2);
                out.visitInsn(Opcodes.POP2); // this, nanos, fd, event
                out.visitInsn(Opcodes.DUP2);
                out.visitMethodInsn(Opcodes.INVOKESTATIC, SEAM, "event", "(" + FD + "I)I", false);
                out.visitInsn(Opcodes.SWAP);
                out.visitInsn(Opcodes.POP); // this, nanos, fd, event'
                out.visitInsn(Opcodes.DUP2_X2); // this, fd, event', nanos, fd, event'
                out.visitMethodInsn(Opcodes.INVOKESTATIC, SEAM, "nanos", "(J" + FD + "I)J", false);
                out.visitMethodInsn(opcode, IMPL, "park", "(" + FD + "IJ)V", false);
            }
        };
    }
}
