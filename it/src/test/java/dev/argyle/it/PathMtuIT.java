// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.PathMtu;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.real.FarNetwork;
import dev.argyle.it.real.TracedNetwork;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that looks for the path MTU, as QUIC does, with datagrams that the kernel must not put in fragments, on a link
 * that takes packets of 1500 octets. Takes root.
 */
class PathMtuIT {
    private static final String NAME = "inside.argyle.test";

    /** What the link leaves for a datagram: headers of 20 octets (RFC 791) and 8 (RFC 768). */
    private static final int LARGEST = 1500 - 20 - 8;

    private static final int SURE_TO_PASS = 1200;
    private static final int LARGEST_TRIED = 3000;

    /** The first Java that has the option. */
    private static final int SINCE = 19;

    @TempDir
    private Path directory;

    private FarNetwork far;
    private TracedNetwork network;

    @BeforeEach
    void start() throws Exception {
        far = FarNetwork.start(NAME);
        network = TracedNetwork.start(far, directory, far.ports().honest());
    }

    @AfterEach
    void stop() throws Exception {
        if (network != null) {
            network.close();
        }
        if (far != null) {
            far.close();
        }
    }

    private Jvm probing(String host) throws Exception {
        return Jvm.of(PathMtu.class)
                .under(network.command(FarNetwork.NO_RESOLVER))
                .arguments(host, far.ports().datagramEcho(), SURE_TO_PASS, LARGEST_TRIED);
    }

    private Jvm routed(String host) throws Exception {
        return probing(host)
                .agent("socks5h://" + FarNetwork.SERVER + ":" + far.ports().honest());
    }

    /** A header takes its part (RFC 1928 §7), and what is too long for the link is refused as the kernel refuses it. */
    @Test
    void pathMtu_isFound_lessTheHeader() throws Exception {
        assertFound(probing(FarNetwork.TARGET).run(), LARGEST);
        network.packets();

        assertFound(routed(FarNetwork.TARGET).run(), LARGEST - 10);
        assertFound(routed(NAME).run(), LARGEST - 7 - NAME.length());
        assertThat(network.packets()).isNotEmpty().noneMatch(packet -> packet.contains(FarNetwork.TARGET));
    }

    private static void assertFound(JvmResult result, int largest) {
        List<String> lines = result.lines();
        assertThat(lines).as(result.toString()).isNotEmpty();
        if (TestJava.feature() < SINCE) {
            // such a program can send what it likes: the kernel makes fragments
            assertThat(lines).containsExactly("largest " + LARGEST_TRIED);
            return;
        }
        assertThat(lines).endsWith("largest " + largest);
        assertThat(lines.subList(0, lines.size() - 1))
                .isNotEmpty()
                .allMatch(line -> line.matches("\\d+ java\\.io\\.IOException: Message too long"));
    }
}
