// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Fails to connect many times, without and with a timeout by turns, closes nothing itself, and tells what is left behind.
 *
 * <p>Arguments: {@code host port connects socket|channel}. Prints {@code failed <number>}, {@code descriptors grew by
 * <number>}, counted from the time when a tenth of the connects had been made, and {@code under way <number>}, the entries
 * in the seam's tables; for that it takes {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class FailedConnects {
    private static final int TIMEOUT_MILLIS = 20_000;

    private FailedConnects() {}

    /** Makes the connects one after the other. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        int connects = Integer.parseInt(args[2]);
        int failed = 0;
        long before = 0;
        for (int i = 0; i < connects; i++) {
            if (i == connects / 10) {
                before = descriptors();
            }
            try {
                if (args[3].equals("socket")) {
                    new Socket().connect(target, i % 2 == 0 ? 0 : TIMEOUT_MILLIS);
                } else {
                    connectChannel(i, target);
                }
            } catch (IOException | ExecutionException expected) {
                failed++;
            }
        }
        System.out.println("failed " + failed);
        System.out.println("descriptors grew by " + (descriptors() - before));
        System.out.println("under way " + (underWay("SocksSeam") + underWay("SocksChannels")));
    }

    private static void connectChannel(int i, InetSocketAddress target) throws Exception {
        if (i % 4 == 3) {
            AsynchronousSocketChannel.open().connect(target).get();
            return;
        }
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(i % 4 == 0);
        channel.connect(target);
        if (i % 4 == 1) {
            channel.close(); // in the middle of it
            throw new IOException("closed");
        }
        while (!channel.finishConnect()) {
            Thread.onSpinWait();
        }
    }

    private static int underWay(String seam) throws ReflectiveOperationException {
        Field table = Class.forName("sun.nio.ch." + seam, true, null).getDeclaredField("CONNECTS");
        table.setAccessible(true);
        return ((Map<?, ?>) table.get(null)).size();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
