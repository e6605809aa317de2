// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** All socket options: by the options' own methods and by setOption, before and after connect. */
final class OptionCases {
    /** What each integer option is set to; the ranges differ. */
    private static final Map<String, Integer> NUMBERS = Map.of(
            "SO_RCVBUF", 50_000,
            "SO_SNDBUF", 60_000,
            "SO_LINGER", 7,
            "IP_TOS", 0x10,
            "TCP_KEEPIDLE", 71,
            "TCP_KEEPINTERVAL", 13,
            "TCP_KEEPCOUNT", 4);

    /** Read only, or changed by the kernel as it goes. */
    private static final List<String> LIVE = List.of("SO_INCOMING_NAPI_ID", "TCP_QUICKACK");

    private OptionCases() {}

    static void addTo(Cases cases) {
        cases.add("supported options", OptionCases::supported);
        cases.add("options of a new socket", scene -> all(scene, scene.socket()));
        cases.add("options set before connect", OptionCases::setBefore);
        cases.add("options set before connect with a timeout", OptionCases::setBeforeTimed);
        cases.add("options set before bind and connect", OptionCases::setBeforeBind);
        cases.add("options set after connect", OptionCases::setAfter);
        cases.add("quick acknowledgement", OptionCases::quickAck);
        cases.add("options after close", OptionCases::afterClose);
        cases.add("options after a refused connect", OptionCases::afterRefused);
        cases.add("setters before connect", OptionCases::settersBefore);
        cases.add("setters after connect", OptionCases::settersAfter);
        cases.add("setters after close", OptionCases::settersClosed);
        cases.add("setters with bad values", OptionCases::badValues);
        cases.add("options that a socket does not support", OptionCases::unsupported);
        cases.add("traffic class", OptionCases::trafficClass);
        cases.add("performance preferences", OptionCases::performancePreferences);
        cases.add("small buffers set before connect carry data", OptionCases::smallBuffers);
    }

    private static List<SocketOption<?>> sorted(Socket socket) {
        return socket.supportedOptions().stream()
                .sorted(Comparator.comparing(SocketOption::name))
                .collect(Collectors.toList());
    }

    private static void supported(Scene scene) throws Exception {
        Socket socket = scene.socket();
        List<SocketOption<?>> before = sorted(socket);
        scene.say(before.stream().map(SocketOption::name).collect(Collectors.joining(" ")));
        socket.connect(scene.at("echo"));
        scene.say("the same when connected", before.equals(sorted(socket)));
    }

    private static void all(Scene scene, Socket socket) {
        for (SocketOption<?> option : sorted(socket)) {
            if (!LIVE.contains(option.name())) {
                scene.of(option.name(), () -> socket.getOption(option));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void setAll(Scene scene, Socket socket) {
        for (SocketOption<?> option : sorted(socket)) {
            if (LIVE.contains(option.name())) {
                continue;
            }
            Integer number = NUMBERS.get(option.name());
            if (option.type() == Boolean.class) {
                scene.does("set " + option.name(), () -> {
                    boolean now = (Boolean) socket.getOption(option);
                    socket.setOption((SocketOption<Boolean>) option, !now);
                });
            } else if (number != null) {
                scene.does("set " + option.name(), () -> socket.setOption((SocketOption<Integer>) option, number));
            }
        }
    }

    private static void setBefore(Scene scene) throws Exception {
        Socket socket = scene.socket();
        setAll(scene, socket);
        socket.connect(scene.at("echo"));
        all(scene, socket);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void setBeforeTimed(Scene scene) throws Exception {
        Socket socket = scene.socket();
        setAll(scene, socket);
        socket.setSoTimeout(4_321);
        socket.connect(scene.at("echo"), Scene.PATIENCE_MILLIS);
        all(scene, socket);
        scene.say("timeout", socket.getSoTimeout());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void setBeforeBind(Scene scene) throws Exception {
        Socket socket = scene.socket();
        setAll(scene, socket);
        socket.bind(null);
        socket.connect(scene.at("echo"));
        all(scene, socket);
    }

    private static void setAfter(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        setAll(scene, socket);
        all(scene, socket);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void quickAck(Scene scene) throws Exception {
        Socket socket = scene.socket();
        scene.does("set before", () -> socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true));
        socket.connect(scene.at("echo"));
        socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
        scene.of("off", () -> socket.getOption(ExtendedSocketOptions.TCP_QUICKACK));
        socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        scene.of("on", () -> socket.getOption(ExtendedSocketOptions.TCP_QUICKACK));
    }

    private static void afterClose(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.close();
        scene.of("supported", () -> socket.supportedOptions().size() > 5);
        scene.of("get", () -> socket.getOption(StandardSocketOptions.TCP_NODELAY));
        scene.of("set", () -> socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
    }

    private static void afterRefused(Scene scene) {
        Socket socket = scene.socket();
        scene.does("connect", () -> socket.connect(scene.at("refused")));
        scene.of("get", () -> socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
        scene.of("set", () -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true));
        scene.of("timeout", socket::getSoTimeout);
    }

    private static void setters(Scene scene, Socket socket) {
        scene.does("setTcpNoDelay", () -> socket.setTcpNoDelay(true));
        scene.does("setKeepAlive", () -> socket.setKeepAlive(true));
        scene.does("setReuseAddress", () -> socket.setReuseAddress(true));
        scene.does("setOOBInline", () -> socket.setOOBInline(true));
        scene.does("setSoLinger", () -> socket.setSoLinger(true, 9));
        scene.does("setReceiveBufferSize", () -> socket.setReceiveBufferSize(40_000));
        scene.does("setSendBufferSize", () -> socket.setSendBufferSize(30_000));
        scene.does("setTrafficClass", () -> socket.setTrafficClass(0x08));
        scene.does("setSoTimeout", () -> socket.setSoTimeout(1_234));
    }

    private static void getters(Scene scene, Socket socket) {
        scene.of("getTcpNoDelay", socket::getTcpNoDelay);
        scene.of("getKeepAlive", socket::getKeepAlive);
        scene.of("getReuseAddress", socket::getReuseAddress);
        scene.of("getOOBInline", socket::getOOBInline);
        scene.of("getSoLinger", socket::getSoLinger);
        scene.of("getReceiveBufferSize", socket::getReceiveBufferSize);
        scene.of("getSendBufferSize", socket::getSendBufferSize);
        scene.of("getTrafficClass", socket::getTrafficClass);
        scene.of("getSoTimeout", socket::getSoTimeout);
    }

    private static void settersBefore(Scene scene) throws Exception {
        Socket socket = scene.socket();
        getters(scene, socket);
        setters(scene, socket);
        getters(scene, socket);
        socket.connect(scene.at("echo"));
        getters(scene, socket);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void settersAfter(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        setters(scene, socket);
        getters(scene, socket);
        scene.does("linger off", () -> socket.setSoLinger(false, 0));
        scene.of("getSoLinger", socket::getSoLinger);
        scene.does("linger above the limit", () -> socket.setSoLinger(true, 100_000));
        scene.of("getSoLinger", socket::getSoLinger);
        scene.say("echo", Sockets.ping(socket));
    }

    private static void settersClosed(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.close();
        setters(scene, socket);
        getters(scene, socket);
    }

    private static void badValues(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        scene.does("timeout", () -> socket.setSoTimeout(-1));
        scene.does("linger", () -> socket.setSoLinger(true, -1));
        scene.does("receive buffer", () -> socket.setReceiveBufferSize(0));
        scene.does("send buffer", () -> socket.setSendBufferSize(-5));
        scene.does("traffic class", () -> socket.setTrafficClass(256));
        scene.of("option receive buffer", () -> socket.setOption(StandardSocketOptions.SO_RCVBUF, -1));
        scene.of("option keep idle", () -> socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 0));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void unsupported(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        SocketOption<Integer> ownOption = new SocketOption<>() {
            @Override
            public String name() {
                return "OWN";
            }

            @Override
            public Class<Integer> type() {
                return Integer.class;
            }

            @Override
            public String toString() {
                return name();
            }
        };
        scene.of("multicast", () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
        scene.of("broadcast", () -> socket.setOption(StandardSocketOptions.SO_BROADCAST, true));
        scene.of("own", () -> socket.setOption(ownOption, 1));
        @Nullable SocketOption<Integer> none = null;
        scene.of("null", () -> socket.getOption(none));
    }

    private static void trafficClass(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.setTrafficClass(0x10);
        scene.say("before", socket.getTrafficClass());
        socket.connect(scene.at("echo"));
        scene.say("connected", socket.getTrafficClass());
        socket.setTrafficClass(0x04);
        scene.say("set again", socket.getTrafficClass());
        scene.of("option", () -> socket.getOption(StandardSocketOptions.IP_TOS));
    }

    private static void performancePreferences(Scene scene) throws Exception {
        Socket socket = scene.socket();
        scene.does("before", () -> socket.setPerformancePreferences(1, 2, 0));
        socket.connect(scene.at("echo"));
        scene.does("after", () -> socket.setPerformancePreferences(0, 1, 2));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void smallBuffers(Scene scene) throws Exception {
        Socket socket = scene.socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSendBufferSize(4_096);
        socket.connect(scene.at("echo"));
        scene.say(StreamCases.exchange(socket, 300_000));
    }
}
