// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** The two streams of a connected socket. */
final class StreamCases {
    private static final int LARGE_BYTES = 8 << 20;
    private static final int CHUNK_BYTES = 10_007;

    private StreamCases() {}

    static void addTo(Cases cases) {
        cases.add("streams before connect", scene -> streams(scene, scene.socket()));
        cases.add("streams after close", StreamCases::afterClose);
        cases.add("streams used after close", StreamCases::usedAfterClose);
        cases.add("streams are the same each time", StreamCases::sameStreams);
        cases.add("closing a stream closes the socket", StreamCases::closingStream);
        cases.add("echo", scene -> scene.say(Sockets.ping(scene.connected("echo"))));
        cases.add("the target speaks first", StreamCases::speaksFirst);
        cases.add("the target speaks first and closes", StreamCases::speaksAndCloses);
        cases.add("first bytes larger than any reply", StreamCases::largeBanner);
        cases.add("reads and writes of no bytes", StreamCases::noBytes);
        cases.add("reads and writes outside of the array", StreamCases::outside);
        cases.add("single bytes", StreamCases::singleBytes);
        cases.add("available", StreamCases::available);
        cases.add("available after close", StreamCases::availableAfterClose);
        cases.add("skip, mark and transferTo", StreamCases::skipAndTransfer);
        cases.add("8 MiB both ways", scene -> {
            Socket socket = scene.connected("echo");
            scene.say(exchange(socket, LARGE_BYTES));
        });
        cases.add("one write of 2 MiB", StreamCases::oneWrite);
        cases.add("two threads write, one reads", StreamCases::twoWriters);
    }

    /** Sends random bytes in chunks while reading them back, and compares the checksums. */
    static String exchange(Socket socket, int bytes) throws Exception {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        Background writer = Background.platform("writer", () -> {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < bytes; at += CHUNK_BYTES) {
                out.write(data, at, Math.min(CHUNK_BYTES, bytes - at));
            }
            socket.shutdownOutput();
            return "all written";
        });
        CRC32 received = new CRC32();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[70_000];
        long count = 0;
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            received.update(buffer, 0, n);
            count += n;
        }
        CRC32 sent = new CRC32();
        sent.update(data, 0, bytes);
        return writer.outcome() + ", " + count + " read, "
                + (sent.getValue() == received.getValue() ? "the same" : "others");
    }

    private static void streams(Scene scene, Socket socket) {
        scene.of("input", socket::getInputStream);
        scene.of("output", socket::getOutputStream);
    }

    private static void afterClose(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        socket.close();
        streams(scene, socket);
    }

    private static void usedAfterClose(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        socket.close();
        scene.of("read", () -> in.read());
        scene.of("read into an array", () -> in.read(new byte[4]));
        scene.of("skip", () -> in.skip(3));
        scene.does("write", () -> out.write(1));
        scene.does("write an array", () -> out.write(new byte[3]));
        scene.does("flush", out::flush);
        scene.does("close again", in::close);
    }

    private static void sameStreams(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        scene.say("input", in == socket.getInputStream());
        scene.say("output", out == socket.getOutputStream());
    }

    private static void closingStream(Scene scene) throws Exception {
        Socket byInput = scene.connected("echo");
        byInput.getInputStream().close();
        scene.say("by input" + Sockets.flags(byInput));
        Socket byOutput = scene.connected("echo");
        byOutput.getOutputStream().close();
        scene.say("by output" + Sockets.flags(byOutput));
    }

    private static void speaksFirst(Scene scene) throws Exception {
        Socket socket = scene.connected(scene.listen(peer -> {
            Sockets.write(peer, "220 ready\n");
            Sockets.echo(peer);
        }));
        scene.say("banner", Sockets.read(socket, 10).trim());
        scene.say("echo", Sockets.ping(socket));
    }

    private static void speaksAndCloses(Scene scene) throws Exception {
        Socket socket = scene.connected(scene.listen(peer -> {
            Sockets.write(peer, "busy\n");
            peer.close();
        }));
        scene.say("all", Sockets.readAll(socket).trim());
        scene.say("flags" + Sockets.flags(socket));
    }

    private static void largeBanner(Scene scene) throws Exception {
        byte[] banner = new byte[100_000];
        new Random(1).nextBytes(banner);
        Socket socket = scene.connected(scene.listen(peer -> {
            peer.getOutputStream().write(banner);
            peer.close();
        }));
        CRC32 sent = new CRC32();
        sent.update(banner, 0, banner.length);
        CRC32 received = new CRC32();
        byte[] read = socket.getInputStream().readAllBytes();
        received.update(read, 0, read.length);
        scene.say(read.length + (sent.getValue() == received.getValue() ? " the same" : " others"));
    }

    private static void noBytes(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        scene.of("read", () -> in.read(new byte[0]));
        scene.of("read of none", () -> in.read(new byte[5], 5, 0));
        scene.does("write", () -> socket.getOutputStream().write(new byte[0]));
        scene.of("skip none", () -> in.skip(0));
        scene.say("echo", Sockets.ping(socket));
        socket.shutdownOutput();
        scene.of("end", () -> in.read());
        scene.of("read of none at the end", () -> in.read(new byte[0]));
    }

    private static void outside(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        scene.of("read too long", () -> in.read(new byte[3], 1, 3));
        scene.of("read negative", () -> in.read(new byte[3], -1, 1));
        scene.does("write too long", () -> out.write(new byte[3], 2, 2));
        scene.does("write negative", () -> out.write(new byte[3], 0, -1));
        scene.of("read null", () -> in.read(null));
        scene.does("write null", () -> out.write((byte[]) null));
        scene.say("echo", Sockets.ping(socket));
    }

    private static void singleBytes(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        int right = 0;
        for (int i = 0; i < 256; i++) {
            socket.getOutputStream().write(i);
            right += socket.getInputStream().read() == i ? 1 : 0;
        }
        scene.say("right", right);
    }

    private static void available(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        scene.say("before", in.available());
        Sockets.write(socket, "ping\n");
        scene.say("first", in.read());
        scene.say("rest", in.available());
        scene.say("rest", in.readNBytes(4).length);
        scene.say("after", in.available());
        socket.shutdownOutput();
        scene.say("end", in.read());
        scene.say("at the end", in.available());
    }

    private static void availableAfterClose(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        socket.close();
        scene.of("available", in::available);
    }

    private static void skipAndTransfer(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        InputStream in = socket.getInputStream();
        scene.say("mark", in.markSupported());
        scene.does("reset", in::reset);
        Sockets.write(socket, "0123456789");
        socket.shutdownOutput();
        scene.say("skipped", in.skip(4));
        java.io.ByteArrayOutputStream rest = new java.io.ByteArrayOutputStream();
        scene.say("transferred", in.transferTo(rest));
        scene.say(rest.toString(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void oneWrite(Scene scene) throws Exception {
        byte[] data = new byte[2 << 20];
        Socket socket = scene.connected("echo");
        Background writer = Background.platform("writer", () -> {
            socket.getOutputStream().write(data);
            socket.shutdownOutput();
            return "written";
        });
        scene.say("read", socket.getInputStream().readAllBytes().length);
        scene.say(writer.outcome());
    }

    private static void twoWriters(Scene scene) throws Exception {
        Socket socket = scene.connected("echo");
        byte[] data = new byte[500_000];
        Background[] writers = new Background[2];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = Background.platform("writer", () -> {
                socket.getOutputStream().write(data);
                return "written";
            });
        }
        Background closer = Background.platform("closer", () -> {
            for (Background writer : writers) {
                writer.ends(15, TimeUnit.SECONDS);
            }
            socket.shutdownOutput();
            return "ended";
        });
        scene.say("read", readAllCount(socket));
        scene.say(closer.outcome());
    }

    private static long readAllCount(Socket socket) throws IOException {
        return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
}
