// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.app.ListenCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A child JVM with the agent, which does with its listening sockets what a test says. Confined to one thread. */
final class ListenTalk extends ProgramTalk {
    /** The state of a listening socket in the system's table. */
    private static final String LISTENING = "0A";

    private ListenTalk(String agent) throws IOException, InterruptedException {
        super(ListenCommands.class, agent);
    }

    static ListenTalk start(String agent) throws IOException, InterruptedException {
        return new ListenTalk(agent);
    }

    /** Opens a socket of a kind, which is not bound. */
    Talker open(String kind) throws IOException, InterruptedException {
        return new Talker(kind);
    }

    /** Where the program listens on this machine, of which it need not know. */
    List<InetSocketAddress> listening() throws IOException {
        Path of = Path.of("/proc", Long.toString(process.pid()));
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(of.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // since it was listed
                }
            }
        }
        List<InetSocketAddress> listening = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(of.resolve("net").resolve(table))) {
                String[] words = line.trim().split("\\s+");
                if (words[3].equals(LISTENING) && inodes.contains("socket:[" + words[9] + "]")) {
                    listening.add(address(words[1]));
                }
            }
        }
        return listening;
    }

    /** The address is there in words of four octets, each turned round on the machines that these tests are for. */
    private static InetSocketAddress address(String hex) throws IOException {
        int colon = hex.indexOf(':');
        byte[] octets = HexFormat.of().parseHex(hex.substring(0, colon));
        byte[] address = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            address[i] = octets[(i & ~3) + 3 - (i & 3)];
        }
        return new InetSocketAddress(InetAddress.getByAddress(address), Integer.parseInt(hex.substring(colon + 1), 16));
    }

    /** One socket of it. */
    final class Talker extends ProgramSocket {
        private Talker(String kind) throws IOException, InterruptedException {
            super(kind);
        }

        /** Binds to an address and any port. */
        String bind(InetAddress address) throws IOException, InterruptedException {
            return ask("bind " + address.getHostAddress() + " 0");
        }

        String address() throws IOException, InterruptedException {
            return ask("address");
        }

        int beginAccept() throws IOException {
            return begin("accept " + LONG_MILLIS);
        }

        /** Accepts who will come. */
        String accept() throws IOException, InterruptedException {
            return await(beginAccept());
        }

        String read(int octets) throws IOException, InterruptedException {
            return ask("read " + octets);
        }
    }

    /** As the program spells them. */
    static String spelled(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
