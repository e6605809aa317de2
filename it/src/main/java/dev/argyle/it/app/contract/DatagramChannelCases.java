// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** DatagramChannel in blocking mode: what it sends and receives, and what it says of itself. */
@SuppressWarnings("AddressSelection")
final class DatagramChannelCases {
    private static final int[] SIZES = {0, 1, 1_472, 8_192, Datagrams.LARGEST_CARRIED};

    private DatagramChannelCases() {}

    static void addTo(Cases cases) {
        for (boolean direct : new boolean[] {false, true}) {
            String buffers = direct ? ", direct buffers" : "";
            for (int size : SIZES) {
                add(cases, "echo of " + size + " octets" + buffers, scene -> echo(scene, size, direct));
                if (size > 0) {
                    add(
                            cases,
                            "written and read, " + size + " octets" + buffers,
                            scene -> written(scene, size, direct));
                }
            }
            add(cases, "truncated to the buffer" + buffers, scene -> truncated(scene, direct));
            add(cases, "gathers and scatters" + buffers, scene -> gathers(scene, direct));
            add(cases, "parts of buffers" + buffers, scene -> parts(scene, direct));
        }
        add(cases, "more than a datagram holds", DatagramChannelCases::tooLarge);
        add(cases, "read-only buffers", DatagramChannelCases::readOnly);
        add(cases, "buffer without room", DatagramChannelCases::noRoom);
        add(cases, "truncated while gathering and scattering", DatagramChannelCases::scatteredTruncated);
        add(cases, "empty datagram received", DatagramChannelCases::empty);
        add(cases, "nothing written", DatagramChannelCases::nothingWritten);
        add(cases, "states", DatagramChannelCases::states);
        add(cases, "bind", DatagramChannelCases::bind);
        add(cases, "bound to one address", DatagramChannelCases::boundToOne);
        add(cases, "not connected", DatagramChannelCases::notConnected);
        add(cases, "already connected", DatagramChannelCases::alreadyConnected);
        add(cases, "send to another than the peer", DatagramChannelCases::notThePeer);
        add(cases, "connected, hears its peer alone", DatagramChannelCases::peerAlone);
        add(cases, "receive when connected", DatagramChannelCases::receives);
        add(cases, "disconnected and connected again", DatagramChannelCases::again);
        add(cases, "connect drops what waits", DatagramChannelCases::drops);
        add(cases, "direct and routed peers on one channel", DatagramChannelCases::directAndRouted);
        add(cases, "wrong addresses", DatagramChannelCases::wrongAddresses);
        add(cases, "nulls", DatagramChannelCases::nulls);
        add(cases, "options", DatagramChannelCases::options);
        add(cases, "of family INET", scene -> family(scene, StandardProtocolFamily.INET));
        add(cases, "of family INET6", scene -> family(scene, StandardProtocolFamily.INET6));
        add(cases, "peer of IPv6", DatagramChannelCases::ipv6);
        add(cases, "nobody at the direct peer's port", scene -> {
            nobody(scene, Datagrams.direct(scene, "directDead"));
        });
        add(cases, "its socket's view", DatagramChannelCases::socketsView);
    }

    private static void add(Cases cases, String name, Case body) {
        cases.add("DatagramChannel, " + name, body);
    }

    private static ByteBuffer buffer(int size, boolean direct) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    private static ByteBuffer filled(byte[] octets, boolean direct) {
        return buffer(octets.length, direct).put(octets).flip();
    }

    private static void sayBuffer(Scene scene, String what, ByteBuffer buffer) {
        scene.say(what, buffer.position() + "-" + buffer.limit() + "/" + buffer.capacity());
    }

    private static boolean holds(ByteBuffer buffer, byte[] octets) {
        byte[] got = new byte[buffer.position()];
        buffer.duplicate().flip().get(got);
        return Arrays.equals(got, octets);
    }

    private static void echo(Scene scene, int size, boolean direct) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        byte[] octets = Datagrams.octets(size);
        ByteBuffer question = filled(octets, direct);
        scene.of("sent", () -> channel.send(question, scene.at("silent")));
        sayBuffer(scene, "question", question);
        ByteBuffer answer = buffer(Datagrams.ROOM, direct);
        scene.of("from", () -> DatagramChannels.ask(channel, scene.at("echo"), question.flip(), answer));
        sayBuffer(scene, "answer", answer);
        scene.say("same", holds(answer, octets));
    }

    private static void written(Scene scene, int size, boolean direct) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        byte[] octets = Datagrams.octets(size);
        ByteBuffer question = filled(octets, direct);
        ByteBuffer answer = buffer(Datagrams.ROOM, direct);
        scene.of(
                "read",
                () -> DatagramChannels.repeated(() -> channel.write(question.rewind()), () -> channel.read(answer)));
        sayBuffer(scene, "question", question);
        sayBuffer(scene, "answer", answer);
        scene.say("same", holds(answer, octets));
    }

    private static void truncated(Scene scene, boolean direct) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        ByteBuffer answer = buffer(100, direct);
        scene.of("from", () -> DatagramChannels.ask(channel, scene.at("echo"), US_ASCII.encode("!size 1000"), answer));
        sayBuffer(scene, "answer", answer);
        scene.say("last", answer.get(99));
        scene.of("next", () -> DatagramChannels.ask(channel, scene.at("echo"), "next"));
        channel.connect(scene.at("echo"));
        answer.clear();
        scene.of(
                "read",
                () -> DatagramChannels.repeated(
                        () -> channel.write(US_ASCII.encode("!size 1000")), () -> channel.read(answer)));
        sayBuffer(scene, "answer", answer);
        scene.of("next", () -> DatagramChannels.ask(channel, "next"));
    }

    private static void gathers(Scene scene, boolean direct) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        ByteBuffer[] question = {
            filled("gath".getBytes(US_ASCII), direct),
            buffer(0, direct),
            filled("ered".getBytes(US_ASCII), direct),
            filled("!".getBytes(US_ASCII), direct)
        };
        ByteBuffer[] answer = {buffer(3, direct), buffer(0, direct), buffer(2, direct), buffer(100, direct)};
        scene.of(
                "read",
                () -> DatagramChannels.repeated(
                        () -> {
                            for (ByteBuffer part : question) {
                                part.rewind();
                            }
                            return channel.write(question);
                        },
                        () -> channel.read(answer)));
        for (int i = 0; i < question.length; i++) {
            sayBuffer(scene, "question", question[i]);
            sayBuffer(scene, "answer", answer[i]);
            scene.say("text", Channels.text(answer[i]));
        }
        scene.of("some", () -> {
            question[0].rewind();
            question[2].rewind();
            return channel.write(question, 1, 2);
        });
        answer[3].clear();
        scene.of("into some", () -> channel.read(answer, 3, 1));
        scene.say("text", Channels.text(answer[3]));
        scene.of("none", () -> channel.write(question, 1, 0));
        scene.of("into none", () -> channel.read(answer, 0, 0));
        scene.of("beyond", () -> channel.write(question, 3, 2));
    }

    /** What is before the position and behind the limit has no part in it. */
    private static void parts(Scene scene, boolean direct) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        ByteBuffer question = filled("..part..".getBytes(US_ASCII), direct);
        question.position(2).limit(6);
        ByteBuffer answer = buffer(20, direct);
        answer.position(5).limit(12);
        scene.of("from", () -> DatagramChannels.ask(channel, scene.at("echo"), question, answer));
        sayBuffer(scene, "answer", answer);
        scene.say("text", US_ASCII.decode(answer.duplicate().flip().position(5)));
        scene.say("before", answer.get(4));
        scene.say("behind", answer.get(9));
        ByteBuffer slice = answer.duplicate().flip().position(5).slice();
        scene.of("slice", () -> DatagramChannels.ask(channel, scene.at("echo"), slice, answer.clear()));
        scene.say("text", Channels.text(answer));
    }

    private static void tooLarge(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        ByteBuffer octets = ByteBuffer.allocate(65_508);
        scene.of("send", () -> channel.send(octets, scene.at("echo")));
        sayBuffer(scene, "buffer", octets);
        channel.connect(scene.at("echo"));
        scene.of("write", () -> channel.write(octets));
        sayBuffer(scene, "buffer", octets);
        ByteBuffer[] halves = {ByteBuffer.allocate(40_000), ByteBuffer.allocateDirect(40_000)};
        scene.of("gathering", () -> channel.write(halves));
        sayBuffer(scene, "half", halves[0]);
        scene.of("goes on", () -> DatagramChannels.ask(channel, "a"));
    }

    private static void readOnly(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        ByteBuffer question = US_ASCII.encode("read-only").asReadOnlyBuffer();
        ByteBuffer answer = ByteBuffer.allocate(100);
        scene.of("from", () -> DatagramChannels.ask(channel, scene.at("echo"), question, answer));
        scene.say("text", Channels.text(answer));
        scene.of("receive", () -> channel.receive(ByteBuffer.allocate(10).asReadOnlyBuffer()));
        channel.connect(scene.at("echo"));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(10).asReadOnlyBuffer()));
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(1).asReadOnlyBuffer()};
        scene.of("scattering", () -> channel.read(buffers));
        scene.of("goes on", () -> DatagramChannels.ask(channel, "a"));
    }

    private static void noRoom(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        for (ByteBuffer none : new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)}) {
            scene.of("from", () -> DatagramChannels.ask(channel, scene.at("echo"), US_ASCII.encode("lost"), none));
            scene.of("next", () -> DatagramChannels.ask(channel, scene.at("echo"), "next"));
        }
        channel.connect(scene.at("echo"));
        scene.of(
                "read",
                () -> DatagramChannels.repeated(
                        () -> channel.write(US_ASCII.encode("lost")), () -> channel.read(ByteBuffer.allocate(0))));
        scene.of("next", () -> DatagramChannels.ask(channel, "next"));
    }

    private static void scatteredTruncated(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        ByteBuffer[] answer = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(3)};
        scene.of(
                "read",
                () -> DatagramChannels.repeated(
                        () -> channel.write(US_ASCII.encode("truncated")), () -> channel.read(answer)));
        scene.say("text", Channels.text(answer[0]) + Channels.text(answer[1]));
        scene.of("next", () -> DatagramChannels.ask(channel, "next"));
    }

    private static void empty(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.of("received", () -> DatagramChannels.ask(channel, scene.at("echo"), "!empty"));
        channel.connect(scene.at("echo"));
        scene.of("read", () -> DatagramChannels.ask(channel, "!empty"));
        scene.of("text", () -> DatagramChannels.ask(channel, "text"));
    }

    /** No datagram: what comes first is the answer to the next. */
    private static void nothingWritten(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        for (ByteBuffer none : new ByteBuffer[] {ByteBuffer.allocate(0), ByteBuffer.allocateDirect(0)}) {
            scene.of("write", () -> channel.write(none));
            scene.of("gathering", () -> channel.write(new ByteBuffer[] {none, none}));
            scene.of("send", () -> channel.send(none, scene.at("echo")));
            scene.of("next", () -> DatagramChannels.ask(channel, "next"));
        }
    }

    private static void states(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.say("new", DatagramChannels.state(channel));
        scene.of("itself", () -> channel.connect(scene.at("echo")) == channel);
        scene.say("connected", DatagramChannels.state(channel));
        scene.of("echo", () -> DatagramChannels.ask(channel, "a"));
        scene.say("used", DatagramChannels.state(channel));
        scene.of("itself", () -> channel.disconnect() == channel);
        scene.say("disconnected", DatagramChannels.state(channel));
        scene.of("again", () -> channel.disconnect() == channel);
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
        scene.say("used", DatagramChannels.state(channel));
        channel.connect(scene.at("second"));
        channel.close();
        scene.say("closed", DatagramChannels.state(channel));
        scene.does("disconnect", channel::disconnect);
        scene.say("operations", channel.validOps());
    }

    private static void bind(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.of("itself", () -> channel.bind(null) == channel);
        scene.does("again", () -> channel.bind(new InetSocketAddress(0)));
        scene.say(DatagramChannels.state(channel));
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        DatagramChannel other = DatagramChannels.open(scene);
        scene.does("of another kind", () -> other.bind(new DatagramStateCases.OtherAddress()));
        scene.does("unresolved", () -> other.bind(InetSocketAddress.createUnresolved("no-such-host.invalid", 0)));
        scene.does("of another machine", () -> other.bind(new InetSocketAddress("192.0.2.1", 0)));
        scene.does("in use", () -> other.bind(channel.getLocalAddress()));
        scene.say(DatagramChannels.state(other));
    }

    private static void boundToOne(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene).bind(new InetSocketAddress("127.0.0.3", 0));
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        scene.say(DatagramChannels.state(channel));
        channel.connect(scene.at("echo"));
        scene.of("echo", () -> DatagramChannels.ask(channel, "b"));
        scene.say(DatagramChannels.state(channel));
        channel.disconnect();
        scene.say(DatagramChannels.state(channel));
    }

    private static void notConnected(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        ByteBuffer[] buffers = {ByteBuffer.allocate(1), ByteBuffer.allocate(1)};
        for (int i = 0; i < 2; i++) {
            scene.of("read", () -> channel.read(ByteBuffer.allocate(1)));
            scene.of("write", () -> channel.write(ByteBuffer.allocate(1)));
            scene.of("scattering", () -> channel.read(buffers));
            scene.of("gathering", () -> channel.write(buffers));
            scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        }
    }

    private static void alreadyConnected(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        scene.does("the same", () -> channel.connect(scene.at("echo")));
        scene.does("another", () -> channel.connect(scene.at("second")));
        scene.does("of another kind", () -> channel.connect(new DatagramStateCases.OtherAddress()));
        scene.of("echo", () -> DatagramChannels.ask(channel, "a"));
    }

    private static void notThePeer(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        scene.of("another", () -> channel.send(US_ASCII.encode("a"), scene.at("second")));
        scene.of("direct", () -> channel.send(US_ASCII.encode("a"), Datagrams.direct(scene, "directEcho")));
        scene.of("unresolved", () -> {
            return channel.send(US_ASCII.encode("a"), InetSocketAddress.createUnresolved("no-such-host.invalid", 7));
        });
        scene.of("the peer", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
    }

    private static void peerAlone(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        DatagramChannels.write(channel, "!other stranger");
        scene.of("echo", () -> DatagramChannels.ask(channel, "a"));
        channel.configureBlocking(false);
        scene.of("then", () -> channel.read(ByteBuffer.allocate(10)));
    }

    private static void receives(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, scene.at("echo"));
        ByteBuffer answer = ByteBuffer.allocate(100);
        scene.of(
                "from",
                () -> DatagramChannels.repeated(
                        () -> channel.write(US_ASCII.encode("a")), () -> channel.receive(answer)));
        scene.say("text", Channels.text(answer));
        scene.of("by send", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
    }

    private static void again(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        for (String role : new String[] {"echo", "second", "echo", "echo"}) {
            channel.connect(scene.at(role));
            scene.of(role, () -> DatagramChannels.ask(channel, role));
            scene.say(DatagramChannels.state(channel));
            channel.disconnect();
            scene.of("other", () -> DatagramChannels.ask(channel, scene.at("echo"), "!other a"));
        }
    }

    private static void drops(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        // one of the answers is left
        DatagramChannels.send(channel, scene.at("echo"), "early");
        scene.of("early", () -> DatagramChannels.ask(channel, scene.at("echo"), "early"));
        channel.connect(scene.at("second"));
        scene.of("second", () -> DatagramChannels.ask(channel, "late"));
    }

    private static void directAndRouted(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        SocketAddress direct = Datagrams.direct(scene, "directEcho");
        for (int i = 0; i < 3; i++) {
            scene.of("direct", () -> DatagramChannels.ask(channel, direct, "a"));
            scene.of("routed", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
        }
        for (SocketAddress peer : new SocketAddress[] {direct, scene.at("echo"), direct}) {
            channel.connect(peer);
            scene.of("connected", () -> DatagramChannels.ask(channel, "c"));
            scene.say(DatagramChannels.state(channel));
            channel.disconnect();
        }
    }

    private static void wrongAddresses(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        SocketAddress unresolved = InetSocketAddress.createUnresolved("no-such-host.invalid", 7);
        SocketAddress other = new DatagramStateCases.OtherAddress();
        SocketAddress none = new InetSocketAddress(scene.world().address(), 0);
        scene.of("send, unresolved", () -> channel.send(ByteBuffer.allocate(1), unresolved));
        scene.of("send, of another kind", () -> channel.send(ByteBuffer.allocate(1), other));
        scene.of("send, port 0", () -> channel.send(ByteBuffer.allocate(1), none));
        scene.does("connect, unresolved", () -> channel.connect(unresolved));
        scene.does("connect, of another kind", () -> channel.connect(other));
        scene.of("goes on", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        scene.does("connect, port 0", () -> channel.connect(none));
        scene.say("connected", channel.isConnected());
    }

    private static void nulls(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.of("send nothing", () -> channel.send(null, scene.at("echo")));
        scene.of("send nowhere", () -> channel.send(ByteBuffer.allocate(1), null));
        scene.of("receive", () -> channel.receive(null));
        scene.does("connect", () -> channel.connect(null));
        channel.connect(scene.at("echo"));
        scene.of("write", () -> channel.write((ByteBuffer) null));
        scene.of("read", () -> channel.read((ByteBuffer) null));
        scene.of("gathering", () -> channel.write((ByteBuffer[]) null));
        scene.of("scattering", () -> channel.read((ByteBuffer[]) null));
        scene.of("goes on", () -> DatagramChannels.ask(channel, "a"));
    }

    private static Map<String, Object> allOptions(DatagramChannel channel) throws IOException {
        Map<String, Object> values = new TreeMap<>();
        for (SocketOption<?> option : channel.supportedOptions()) {
            try {
                values.put(option.name(), String.valueOf(channel.getOption(option)));
            } catch (IOException | RuntimeException e) {
                values.put(option.name(), e);
            }
        }
        return values;
    }

    private static void options(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.say("new", allOptions(channel));
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 90_000);
        channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
        channel.setOption(StandardSocketOptions.IP_TOS, 8);
        channel.connect(scene.at("echo"));
        scene.of("echo", () -> DatagramChannels.ask(channel, "a"));
        scene.say("used", allOptions(channel));
        channel.disconnect();
        scene.say("disconnected", allOptions(channel));
        scene.of("TCP_NODELAY", () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        channel.close();
        scene.of("closed", () -> channel.getOption(StandardSocketOptions.SO_RCVBUF));
    }

    private static void family(Scene scene, StandardProtocolFamily family) throws IOException {
        DatagramChannel channel = scene.closing(DatagramChannel.open(family));
        scene.of("echo", () -> DatagramChannels.ask(channel, scene.at("echo"), "a"));
        scene.say(DatagramChannels.state(channel));
        InetAddress six = Inet6Address.getByName("::1");
        scene.of("of IPv6", () -> DatagramChannels.ask(channel, new InetSocketAddress(six, scene.port("echo6")), "b"));
        scene.does(
                "bind to IPv6",
                () -> DatagramChannel.open(family)
                        .bind(new InetSocketAddress(six, 0))
                        .close());
        channel.connect(scene.at("echo"));
        scene.of("echo", () -> DatagramChannels.ask(channel, "c"));
        scene.say(DatagramChannels.state(channel));
        channel.disconnect();
        scene.does("connect to IPv6", () -> channel.connect(new InetSocketAddress(six, scene.port("echo6"))));
        scene.of("direct", () -> channel.isConnected());
    }

    private static void ipv6(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("::1"), scene.port("echo6"));
        scene.of("six", () -> DatagramChannels.ask(channel, six, "a"));
        scene.of("four", () -> DatagramChannels.ask(channel, scene.at("echo"), "b"));
        channel.connect(six);
        scene.of("six", () -> DatagramChannels.ask(channel, "c"));
        scene.say("remote", channel.getRemoteAddress());
    }

    private static void nobody(Scene scene, SocketAddress dead) throws IOException {
        DatagramChannel channel = DatagramChannels.connected(scene, dead);
        scene.of("write", () -> channel.write(US_ASCII.encode("a")));
        scene.of("read", () -> channel.read(ByteBuffer.allocate(10)));
        scene.of("write", () -> channel.write(US_ASCII.encode("a")));
        scene.of("receive", () -> channel.receive(ByteBuffer.allocate(10)));
        scene.say(DatagramChannels.state(channel));
    }

    private static void socketsView(Scene scene) throws IOException {
        DatagramChannel channel = DatagramChannels.open(scene);
        scene.say("new", Datagrams.state(channel.socket()));
        DatagramSocket first = channel.socket();
        scene.say("the same", channel.socket() == first && first.getChannel() == channel);
        channel.connect(scene.at("echo"));
        scene.say("connected", Datagrams.state(channel.socket()));
        scene.of("by the socket", () -> Datagrams.ask(channel.socket(), null, "a"));
        scene.of("by the channel", () -> DatagramChannels.ask(channel, "b"));
        channel.socket().disconnect();
        scene.say("disconnected", DatagramChannels.state(channel));
        channel.configureBlocking(false);
        scene.does("send when non-blocking", () -> Datagrams.send(channel.socket(), scene.at("echo"), "c"));
        scene.does("receive when non-blocking", () -> Datagrams.receive(channel.socket()));
        channel.socket().close();
        scene.say("closed", DatagramChannels.state(channel));
    }
}
