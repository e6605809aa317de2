// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import dev.argyle.it.server.ClosedPort;
import dev.argyle.it.server.Direction;
import dev.argyle.it.server.Disturbance;
import dev.argyle.it.server.DnsAnswers;
import dev.argyle.it.server.Ending;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    private FarProgram() {}

    public static void main(String[] names) throws Exception {
        InetAddress at = InetAddress.getByName(FarNetwork.SERVER);
        InetAddress target = InetAddress.getByName(FarNetwork.TARGET);
        try (ScriptedServer honest = honest(at, target, names);
                ScriptedServer other = honest(at, target, FarNetwork.OTHERS_NAME);
                ClosedPort refusing = ClosedPort.at(at);
                ScriptedServer closing = dying(at, Fault.close(Step.GREETING_READ));
                ScriptedServer resetting = dying(at, Fault.reset(Step.REQUEST_READ));
                ScriptedServer withoutUdp = dying(at, Fault.withoutUdp());
                ScriptedServer closingForUdp = dying(at, Fault.closesForUdp());
                ScriptedServer cutting = cutting(at, target, names);
                Targets four = Targets.at(target, at);
                Targets six = Targets.at(InetAddress.getByName(FarNetwork.TARGET_6), at);
                DatagramSocket dns = new DatagramSocket(DNS_PORT, InetAddress.getByName(FarNetwork.RESOLVER))) {
            DnsAnswers answers =
                    new DnsAnswers(Stream.of(names).collect(Collectors.toMap(Function.identity(), name -> target)));
            Thread resolver = new Thread(() -> answer(dns, answers), "dns");
            resolver.setDaemon(true);
            resolver.start();
            System.out.println(
                    "ready " + honest.port() + " " + other.port() + " " + refusing.port() + " " + closing.port() + " "
                            + resetting.port() + " " + four.echo() + " " + four.http() + " " + six.echo() + " "
                            + four.datagramEcho() + " " + six.datagramEcho() + " " + withoutUdp.port() + " "
                            + closingForUdp.port() + " " + cutting.port() + ".");
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    private static ScriptedServer honest(InetAddress at, InetAddress target, String... names) throws IOException {
        return knowing(at, target, names).start();
    }

    private static ScriptedServer.Builder knowing(InetAddress at, InetAddress target, String... names) {
        ScriptedServer.Builder builder = ScriptedServer.builder().address(at).anyOutbound();
        for (String name : names) {
            builder.name(name, new InetSocketAddress(target, 0));
        }
        return builder;
    }

    /** The first association is cut, and each second one after it. */
    private static ScriptedServer cutting(InetAddress at, InetAddress target, String... names) throws IOException {
        List<Fault> cut = List.of(Fault.disturb(new Disturbance.EndAfter(Direction.UP, 1, Ending.RESET)));
        AtomicInteger connections = new AtomicInteger();
        return knowing(at, target, names)
                .faultsOfEach(() -> connections.getAndIncrement() % 2 == 0 ? cut : List.of())
                .start();
    }

    private static ScriptedServer dying(InetAddress at, Fault fault) throws IOException {
        return ScriptedServer.builder().address(at).faults(fault).start();
    }

    private static void answer(DatagramSocket dns, DnsAnswers answers) {
        byte[] octets = new byte[DNS_OCTETS];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(octets, octets.length);
                dns.receive(packet);
                ByteBuffer message = ByteBuffer.wrap(octets).limit(packet.getLength());
                if (answers.answer(message)) {
                    packet.setLength(message.limit());
                    dns.send(packet);
                }
            }
        } catch (IOException closed) {
            // the program ends
        }
    }
}
