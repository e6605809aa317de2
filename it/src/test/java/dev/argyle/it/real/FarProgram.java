// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import dev.argyle.it.server.ClosedPort;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;

/**
 * What is at the far end of a {@link FarNetwork}: SOCKS servers that are honest, that refuse and that die, a target at
 * an IPv4 and an IPv6 address, and a DNS server.
 *
 * <p>Arguments: the names of the target, which the honest server and the DNS server know. Says the ports in one line,
 * as {@link FarNetwork} reads it, and ends with its standard input.
 */
final class FarProgram {
    private static final int DNS_PORT = 53;
    private static final int DNS_OCTETS = 512;
    private static final int HEADER_OCTETS = 12;
    private static final int TYPE_ADDRESS = 1;
    private static final int SECONDS_TO_LIVE = 60;

    private FarProgram() {}

    public static void main(String[] names) throws Exception {
        InetAddress at = InetAddress.getByName(FarNetwork.SERVER);
        InetAddress target = InetAddress.getByName(FarNetwork.TARGET);
        try (ScriptedServer honest = honest(at, target, names);
                ScriptedServer other = honest(at, target, FarNetwork.OTHERS_NAME);
                ClosedPort refusing = ClosedPort.at(at);
                ScriptedServer closing = dying(at, Fault.close(Step.GREETING_READ));
                ScriptedServer resetting = dying(at, Fault.reset(Step.REQUEST_READ));
                Targets four = Targets.at(target, at);
                Targets six = Targets.at(InetAddress.getByName(FarNetwork.TARGET_6), at);
                DatagramSocket dns = new DatagramSocket(DNS_PORT, InetAddress.getByName(FarNetwork.RESOLVER))) {
            Thread resolver = new Thread(() -> answer(dns, Set.of(names), target.getAddress()), "dns");
            resolver.setDaemon(true);
            resolver.start();
            System.out.println(
                    "ready " + honest.port() + " " + other.port() + " " + refusing.port() + " " + closing.port() + " "
                            + resetting.port() + " " + four.echo() + " " + four.http() + " " + six.echo() + ".");
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    private static ScriptedServer honest(InetAddress at, InetAddress target, String... names) throws IOException {
        ScriptedServer.Builder builder = ScriptedServer.builder().address(at).anyOutbound();
        for (String name : names) {
            builder.name(name, new InetSocketAddress(target, 0));
        }
        return builder.start();
    }

    private static ScriptedServer dying(InetAddress at, Fault fault) throws IOException {
        return ScriptedServer.builder().address(at).faults(fault).start();
    }

    /** RFC 1035 §4: one question to a message; the answer's name points back to the question's. */
    private static void answer(DatagramSocket dns, Set<String> names, byte[] address) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[DNS_OCTETS], DNS_OCTETS);
                dns.receive(packet);
                ByteBuffer message = packet.getLength() < HEADER_OCTETS ? null : ByteBuffer.wrap(packet.getData());
                if (message == null) {
                    continue;
                }
                message.position(HEADER_OCTETS);
                boolean known = names.contains(name(message));
                boolean found = known && message.getShort() == TYPE_ADDRESS;
                message.position(HEADER_OCTETS);
                name(message);
                message.getInt();
                message.putShort(2, (short) (known ? 0x8180 : 0x8183));
                message.putShort(6, (short) (found ? 1 : 0)).putInt(8, 0);
                if (found) {
                    message.putShort((short) 0xC00C)
                            .putShort((short) TYPE_ADDRESS)
                            .putShort((short) 1);
                    message.putInt(SECONDS_TO_LIVE)
                            .putShort((short) address.length)
                            .put(address);
                }
                packet.setLength(message.position());
                dns.send(packet);
            }
        } catch (IOException closed) {
            // the program ends
        }
    }

    private static String name(ByteBuffer message) {
        StringBuilder name = new StringBuilder();
        for (int left = message.get(); left > 0; left = message.get()) {
            name.append(name.length() == 0 ? "" : ".");
            for (; left > 0; left--) {
                name.append((char) message.get());
            }
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
