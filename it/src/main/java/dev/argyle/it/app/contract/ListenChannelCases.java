// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import com.sun.net.httpserver.HttpServer;
import dev.argyle.it.app.contract.Listeners.Meeting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** ServerSocketChannel in both modes, without a selector, and the ServerSocket that it has. */
final class ListenChannelCases {
    private static final int IN_TURN = 10;

    private ListenChannelCases() {}

    static void addTo(Cases cases) {
        cases.add("ServerSocketChannel, before bind, bound and closed", ListenChannelCases::state);
        cases.add("ServerSocketChannel, wrong addresses", ListenChannelCases::wrongAddresses);
        cases.add("ServerSocketChannel, bound to no address", ListenChannelCases::boundToNothing);
        cases.add("ServerSocketChannel, bind twice", ListenChannelCases::twice);
        cases.add("ServerSocketChannel, bind to a port in use", ListenChannelCases::inUse);
        cases.add("ServerSocketChannel, calls when closed", ListenChannelCases::afterClose);
        cases.add("ServerSocketChannel, all options", ListenChannelCases::options);
        cases.add("ServerSocketChannel, of IPv4 alone", ListenChannelCases::ofIPv4);
        cases.add("ServerSocketChannel, of a UNIX socket", ListenChannelCases::unix);
        cases.add("ServerSocketChannel, accept", ListenChannelCases::accept);
        cases.add("ServerSocketChannel, visited before accept", ListenChannelCases::visitedBefore);
        cases.add("ServerSocketChannel, accept without bind", ListenChannelCases::unbound);
        cases.add("ServerSocketChannel, the accepted channel", ListenChannelCases::accepted);
        cases.add("ServerSocketChannel, accept again", ListenChannelCases::again);
        cases.add("ServerSocketChannel, accept often", ListenChannelCases::often);
        cases.add("ServerSocketChannel, closed while accepting", ListenChannelCases::closed);
        cases.add("ServerSocketChannel, interrupted while accepting", scene -> interrupted(scene, false));
        cases.add("ServerSocketChannel, interrupted before accept", ListenChannelCases::interruptedBefore);
        cases.add("ServerSocketChannel, virtual thread accepts", ListenChannelCases::virtualAccept);
        cases.add("ServerSocketChannel, virtual thread interrupted while accepting", scene -> interrupted(scene, true));
        cases.add("ServerSocketChannel, non-blocking accept", ListenChannelCases::nonBlocking);
        cases.add("ServerSocketChannel, non-blocking and then blocking", ListenChannelCases::thenBlocking);
        cases.add("ServerSocketChannel, visitor that sends and closes at once", ListenChannelCases::sendsAndCloses);
        cases.add("ServerSocketChannel, closed, and the accepted channel goes on", ListenChannelCases::outlives);
        cases.add("ServerSocketChannel.socket(), state", ListenChannelCases::socketState);
        cases.add("ServerSocketChannel.socket(), accept", ListenChannelCases::socketAccept);
        cases.add("ServerSocketChannel.socket(), accept timeout", ListenChannelCases::socketTimeout);
        cases.add("ServerSocketChannel.socket(), closed while accepting", ListenChannelCases::socketClosed);
        cases.add("ServerSocketChannel.socket(), non-blocking", ListenChannelCases::socketNonBlocking);
        cases.add("HttpServer, requests", ListenChannelCases::http);
    }

    /** All that a channel says of itself. */
    private static void say(Scene scene, String when, ServerSocketChannel server) {
        scene.of(when, server::getLocalAddress);
        scene.say(server + Listeners.flags(server));
    }

    private static void state(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open());
        say(scene, "new", server);
        scene.say("itself", server.bind(Listeners.address(scene)) == server);
        say(scene, "bound", server);
        scene.say("operations", Channels.operations(server.validOps()));
        server.close();
        say(scene, "closed", server);
        scene.does("close", server::close);
    }

    private static void wrongAddresses(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open());
        scene.does("unresolved", () -> server.bind(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)));
        scene.does("of another family", () -> server.bind(UnixDomainSocketAddress.of("nowhere")));
        say(scene, "unbound", server);
        server.bind(Listeners.address(scene), 3);
        Listeners.meet(scene, server).talk(scene);
    }

    private static void boundToNothing(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open()).bind(null);
        say(scene, "bound", server);
    }

    private static void twice(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        SocketAddress before = server.getLocalAddress();
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
        scene.say("as before", before.equals(server.getLocalAddress()));
        Listeners.meet(scene, server).talk(scene);
    }

    /** As with a ServerSocket. */
    private static void inUse(Scene scene) throws Exception {
        InetSocketAddress taken = (InetSocketAddress) Listeners.channel(scene).getLocalAddress();
        ServerSocketChannel second = scene.closing(ServerSocketChannel.open());
        scene.does("bind", () -> second.bind(taken));
        say(scene, "unbound", second);
        scene.of("accept", () -> second.getLocalAddress() == null ? second.accept() : "waits");
        scene.does("bind to another", () -> second.bind(Listeners.address(scene)));
        scene.say("another", !taken.equals(second.getLocalAddress()));
    }

    private static void afterClose(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        SocketAddress address = server.getLocalAddress();
        server.close();
        scene.of("accept", server::accept);
        scene.does("bind", () -> server.bind(Listeners.address(scene)));
        scene.of("address", server::getLocalAddress);
        scene.of("option", () -> server.getOption(StandardSocketOptions.SO_RCVBUF));
        scene.does("mode", () -> server.configureBlocking(false));
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void options(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        List<SocketOption<?>> options = server.supportedOptions().stream()
                .sorted(Comparator.comparing(SocketOption::name))
                .collect(Collectors.toList());
        for (SocketOption<?> option : options) {
            if (!option.name().equals("SO_INCOMING_NAPI_ID")) {
                scene.of(option.name(), () -> server.getOption(option));
            }
        }
        ServerSocketChannel other = scene.closing(ServerSocketChannel.open());
        other.setOption(StandardSocketOptions.SO_RCVBUF, 33_000).setOption(StandardSocketOptions.SO_REUSEADDR, true);
        other.bind(Listeners.address(scene));
        scene.say("buffer", other.getOption(StandardSocketOptions.SO_RCVBUF));
        scene.say("accepted", Listeners.meet(scene, other).accepted().getReceiveBufferSize());
        scene.of("no delay", () -> server.setOption(StandardSocketOptions.TCP_NODELAY, true));
    }

    private static void ofIPv4(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open(StandardProtocolFamily.INET))
                .bind(Listeners.address(scene));
        say(scene, "bound", server);
        Meeting meeting = Listeners.meet(scene, server);
        meeting.addresses(scene);
        meeting.talk(scene);
    }

    private static void unix(Scene scene) throws Exception {
        Path directory = Files.createTempDirectory("argyle-listen");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            scene.say("local", address.equals(server.getLocalAddress()));
            SocketChannel client = scene.closing(SocketChannel.open(address));
            SocketChannel accepted = scene.closing(server.accept());
            Channels.write(client, "x");
            scene.say("read", Channels.read(accepted, 1));
        } finally {
            Files.delete(address.getPath());
            Files.delete(directory);
        }
    }

    private static void accept(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        SocketAddress address = server.getLocalAddress();
        Background accept = Background.platform("accept", () -> scene.closing(server.accept()));
        accept.awaitBlockedIn("accept");
        scene.say("accepts", accept.runsFor(100));
        Visitor visitor = Visitor.to(scene, address);
        SocketChannel accepted = Listeners.accepted(accept).getChannel();
        visitor.talk(scene, accepted.socket());
        scene.say("class", accepted.getClass().getName());
        scene.say("accepted" + Channels.flags(accepted));
    }

    private static void visitedBefore(Scene scene) throws Exception {
        Meeting meeting = Listeners.meet(scene, Listeners.channel(scene));
        meeting.addresses(scene);
        meeting.talk(scene);
    }

    private static void unbound(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open());
        scene.of("accept", server::accept);
        server.configureBlocking(false);
        scene.of("non-blocking", server::accept);
        server.bind(Listeners.address(scene));
        Listeners.meet(scene, server).talk(scene);
    }

    private static void accepted(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        Visitor visitor = Visitor.to(scene, address);
        SocketChannel accepted = scene.closing(server.accept());
        scene.say("channel" + Channels.flags(accepted));
        scene.say("remote", accepted.getRemoteAddress().equals(visitor.address()));
        scene.say("local", accepted.getLocalAddress().equals(address));
        scene.say(accepted);
        scene.state("socket", accepted.socket());
        scene.does("connect", () -> accepted.connect(scene.at("echo")));
        scene.does("finish", accepted::finishConnect);
        scene.does("bind", () -> accepted.bind(null));
        accepted.configureBlocking(false);
        Channels.write(accepted, "hello");
        scene.say("received", visitor.receive(5));
        accepted.shutdownOutput();
        scene.say("visitor's end", visitor.socket().getInputStream().read());
        visitor.send("more");
        scene.say("read", Channels.read(accepted, 4));
        accepted.close();
        scene.say("channel" + Channels.flags(accepted));
    }

    private static void again(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        Meeting first = Listeners.meet(scene, server);
        Meeting second = Listeners.meet(scene, server);
        Meeting third = Listeners.meet(scene, server);
        for (Meeting meeting : new Meeting[] {third, first, second}) {
            meeting.addresses(scene);
            meeting.talk(scene);
        }
    }

    private static void often(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        int met = 0;
        for (int i = 0; i < IN_TURN; i++) {
            Meeting meeting = Listeners.meet(scene, server);
            meeting.visitor().send("visitor " + i);
            met += Sockets.read(meeting.accepted(), 9).equals("visitor " + i) ? 1 : 0;
            meeting.accepted().close();
            meeting.visitor().socket().close();
        }
        scene.say("met", met);
    }

    private static void closed(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        SocketAddress address = server.getLocalAddress();
        Background accept = Background.platform("accept", server::accept);
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server::close);
        scene.say("accept", accept.outcome());
        scene.say("visit", Visitor.toClosed(scene, address));
    }

    private static void interrupted(Scene scene, boolean virtual) throws Exception {
        if (virtual && !VirtualThreads.available()) {
            scene.say("not available");
            return;
        }
        ServerSocketChannel server = Listeners.channel(scene);
        Callable<@Nullable Object> call = () -> {
            try {
                return server.accept();
            } catch (IOException e) {
                return e + " interrupted=" + Thread.interrupted();
            }
        };
        Background accept = virtual ? Background.virtual(call) : Background.platform("accept", call);
        accept.awaitBlockedIn("accept");
        accept.thread().interrupt();
        scene.say("accept", accept.outcome());
        scene.say("channel" + Listeners.flags(server));
    }

    private static void interruptedBefore(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        Background accept = Background.platform("accept", () -> {
            Thread.currentThread().interrupt();
            return server.accept();
        });
        scene.say("accept", accept.outcome());
        scene.say("channel" + Listeners.flags(server));
    }

    private static void virtualAccept(Scene scene) throws Exception {
        if (!VirtualThreads.available()) {
            scene.say("not available");
            return;
        }
        ServerSocketChannel server = Listeners.channel(scene);
        SocketAddress address = server.getLocalAddress();
        Background accept = Background.virtual(() -> scene.closing(server.accept()));
        accept.awaitBlockedIn("accept");
        Visitor visitor = Visitor.to(scene, address);
        visitor.talk(scene, Listeners.accepted(accept));
    }

    private static void nonBlocking(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        scene.timed("accept", 0, () -> scene.say("nobody", server.accept()));
        Meeting meeting = Listeners.meet(scene, server);
        scene.say("channel" + Channels.flags(meeting.accepted().getChannel()));
        meeting.addresses(scene);
        meeting.talk(scene);
        scene.say("nobody more", server.accept());
        Listeners.meet(scene, server).talk(scene);
    }

    private static void thenBlocking(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        scene.say("nobody", server.accept());
        server.configureBlocking(true);
        SocketAddress address = server.getLocalAddress();
        Background accept = Background.platform("accept", () -> scene.closing(server.accept()));
        accept.awaitBlockedIn("accept");
        Visitor visitor = Visitor.to(scene, address);
        visitor.talk(scene, Listeners.accepted(accept));
        server.configureBlocking(false);
        scene.say("nobody", server.accept());
    }

    private static void sendsAndCloses(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        Visitor visitor = Visitor.to(scene, server.getLocalAddress());
        visitor.send("a first word and the last");
        visitor.socket().close();
        SocketChannel accepted = scene.closing(server.accept());
        scene.say("read", Channels.read(accepted, 100));
    }

    private static void outlives(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        Meeting meeting = Listeners.meet(scene, server);
        server.close();
        meeting.addresses(scene);
        meeting.talk(scene);
    }

    private static void socketState(Scene scene) throws Exception {
        ServerSocketChannel server = scene.closing(ServerSocketChannel.open());
        ServerSocket socket = server.socket();
        scene.say("new [" + Listeners.state(socket) + "]");
        socket.bind(Listeners.address(scene), 2);
        scene.say("bound [" + Listeners.state(socket) + "]");
        scene.say("channel", socket.getChannel() == server);
        scene.say("one address", socket.getLocalSocketAddress().equals(server.getLocalAddress()));
        scene.does("bind", () -> socket.bind(Listeners.address(scene)));
        socket.close();
        scene.say("closed [" + socket.isClosed() + "]" + Listeners.flags(server));
    }

    private static void socketAccept(Scene scene) throws Exception {
        ServerSocket socket = Listeners.channel(scene).socket();
        for (int i = 0; i < 2; i++) {
            Meeting meeting = Listeners.meet(scene, socket);
            meeting.addresses(scene);
            meeting.talk(scene);
            scene.say("channel" + Channels.flags(meeting.accepted().getChannel()));
        }
    }

    private static void socketTimeout(Scene scene) throws Exception {
        ServerSocket socket = Listeners.channel(scene).socket();
        socket.setSoTimeout(100);
        scene.timed("accept", 100, socket::accept);
        socket.setSoTimeout(Scene.PATIENCE_MILLIS);
        SocketAddress address = socket.getLocalSocketAddress();
        Background accept = Background.platform("accept", () -> scene.closing(socket.accept()));
        accept.awaitBlockedIn("accept");
        Visitor visitor = Visitor.to(scene, address);
        visitor.talk(scene, Listeners.accepted(accept));
        socket.setSoTimeout(100);
        scene.timed("accept", 100, socket::accept);
    }

    private static void socketClosed(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.channel(scene);
        Background accept = Background.platform("accept", () -> server.socket().accept());
        accept.awaitBlockedIn("accept");
        scene.timed("close", 0, server.socket()::close);
        scene.say("accept", accept.outcome());
        scene.say("channel" + Listeners.flags(server));
    }

    private static void socketNonBlocking(Scene scene) throws Exception {
        ServerSocketChannel server = Listeners.nonBlocking(scene);
        scene.of("accept", server.socket()::accept);
        server.socket().setSoTimeout(100);
        scene.of("accept with a timeout", server.socket()::accept);
        scene.say("channel" + Listeners.flags(server));
    }

    /** The JDK's own program with a ServerSocketChannel and a Selector. */
    private static void http(Scene scene) throws Exception {
        HttpServer server = HttpServer.create(Listeners.address(scene), 5);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestURI().getPath().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        scene.closing(() -> server.stop(0));
        for (String path : new String[] {"/first", "/second", "/third"}) {
            Visitor visitor = Visitor.to(scene, server.getAddress());
            visitor.send("GET " + path + " HTTP/1.1\r\nHost: visit\r\nConnection: close\r\n\r\n");
            String answer = Sockets.readAll(visitor.socket());
            scene.say(answer.substring(0, answer.indexOf('\r')) + answer.substring(answer.lastIndexOf('\n') + 1));
        }
    }
}
