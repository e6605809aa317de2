// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Handshake;
import dev.argyle.protocol.SocksException;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reply that says who has connected: whatever pieces it comes in, and what fails. */
class SecondReplyTest {
    private static final Address EXPECTED = Address.name("peer.test", 0);
    private static final String WORDS = ": a connection from peer.test:0 (BIND): SOCKS server 192.0.2.1:1080: ";

    private final Incoming carrier = new Incoming();

    /** What a server sends on a connection that stands. */
    private static final class Incoming implements Carrier {
        private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
        private boolean ended;
        private boolean reset;
        private boolean closing;

        void piece(String octets) {
            pieces.add(ByteBuffer.wrap(HexFormat.of().parseHex(octets.replace(" ", ""))));
        }

        int left() {
            int left = 0;
            for (ByteBuffer piece : pieces) {
                left += piece.remaining();
            }
            return left;
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            if (!dst.hasRemaining()) {
                throw new AssertionError("nothing is wanted");
            }
            ByteBuffer piece = pieces.peek();
            if (piece == null) {
                if (reset || closing) {
                    throw new SocketException(reset ? "Connection reset" : "Bad file descriptor");
                }
                return ended ? -1 : 0;
            }
            int n = 0;
            while (dst.hasRemaining() && piece.hasRemaining()) {
                dst.put(piece.get());
                n++;
            }
            if (!piece.hasRemaining()) {
                pieces.remove();
            }
            return n;
        }

        @Override
        public boolean isClosing() {
            return closing;
        }

        @Override
        public boolean supportsIPv6() {
            throw new AssertionError();
        }

        @Override
        public void acquire() {
            throw new AssertionError();
        }

        @Override
        public void release() {
            throw new AssertionError();
        }

        @Override
        public boolean connect(InetSocketAddress address) {
            throw new AssertionError();
        }

        @Override
        public boolean finishConnect() {
            throw new AssertionError();
        }

        @Override
        public int write(ByteBuffer src) {
            throw new AssertionError();
        }

        @Override
        public void disconnect() {
            throw new AssertionError();
        }
    }

    /** After the first reply. */
    private SecondReply awaited() throws SocksException {
        Server server = new Server("192.0.2.1", 1080, true, null);
        ServerState state = new ServerState(server);
        Handshake handshake = Handshake.of(Command.BIND, EXPECTED, state.authentications, Handshake.Flight.STEPWISE);
        taken(handshake.output());
        handshake.input(octets("0500"));
        taken(handshake.output());
        handshake.input(octets(AnsweringServer.LISTENS));
        return new SecondReply(carrier, handshake, new Hop(state, Connects.address(1, 1080)), EXPECTED);
    }

    private static void taken(ByteBuffer output) {
        output.position(output.limit());
    }

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void advance_nothing_isNotYet() throws Exception {
        SecondReply reply = awaited();

        assertThat(reply.advance()).isNull();
        assertThat(reply.advance()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "05000001 C6336405 1267, 198.51.100.5:4711",
        "05000004 20010DB8000000000000000000000005 1267, [2001:db8::5]:4711",
        "05000003 09 706565722E74657374 1267, peer.test:4711"
    })
    void advance_peer_isReturnedAndWhatFollowsIsLeft(String octets, String peer) throws Exception {
        carrier.piece(octets + "0102030405");
        SecondReply reply = awaited();

        assertThat(reply.advance()).hasToString(peer);
        assertThat(carrier.left()).isEqualTo(5);
        assertThat(reply.advance()).as("again").hasToString(peer);
        assertThat(carrier.left()).isEqualTo(5);
    }

    @Test
    void advance_octetByOctet_isPutTogether() throws Exception {
        SecondReply reply = awaited();
        String octets = AnsweringServer.PEER.replace(" ", "");
        for (int i = 0; i < octets.length() - 2; i += 2) {
            carrier.piece(octets.substring(i, i + 2));
            assertThat(reply.advance()).isNull();
        }
        carrier.piece(octets.substring(octets.length() - 2));

        assertThat(reply.advance()).hasToString("198.51.100.5:4711");
    }

    @ParameterizedTest
    @CsvSource({
        "01, java.net.SocketException, SOCKS server failure",
        "02, java.net.ConnectException, Connection not allowed",
        "03, java.net.NoRouteToHostException, Network is unreachable",
        "04, java.net.NoRouteToHostException, No route to host",
        "05, java.net.ConnectException, Connection refused",
        "06, java.net.ConnectException, Connection timed out",
        "07, java.net.SocketException, Command not supported",
        "FF, java.net.SocketException, SOCKS server failure"
    })
    void advance_failure_hasTypeAndWords(String rep, Class<? extends IOException> type, String words) throws Exception {
        carrier.piece("05" + rep + "0001 00000000 0000");
        SecondReply reply = awaited();

        assertThatThrownBy(reply::advance)
                .isExactlyInstanceOf(type)
                .hasMessageStartingWith(words + WORDS)
                .hasCauseInstanceOf(SocksException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0500", "05000001 C63364"})
    void advance_end_isTold(String before) throws Exception {
        if (!before.isEmpty()) {
            carrier.piece(before);
        }
        carrier.ended = true;
        SecondReply reply = awaited();

        assertThatThrownBy(reply::advance)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("SOCKS server unusable" + WORDS + "the server closed the connection with");
    }

    @Test
    void advance_reset_isTold() throws Exception {
        carrier.reset = true;
        SecondReply reply = awaited();

        assertThatThrownBy(reply::advance)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable" + WORDS + "Connection reset after the request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"04000001 C6336405 1267", "05000001FF", "0500007E 00"})
    void advance_garbage_isTold(String octets) throws Exception {
        carrier.piece(octets);
        carrier.ended = true;
        SecondReply reply = awaited();

        assertThatThrownBy(reply::advance)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("SOCKS server unusable" + WORDS);
    }

    @Test
    void advance_closing_isTheJdksWord() throws Exception {
        carrier.closing = true;
        SecondReply reply = awaited();

        assertThatThrownBy(reply::advance)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Socket closed")
                .hasNoCause();
    }

    @Test
    void unusable_reply_isAsOneThatMakesNoSense() throws Exception {
        SecondReply reply = awaited();

        assertThat(reply.unusable(true, "why"))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable" + WORDS + "why");
        assertThat(reply.unusable(false, "why"))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage(
                        "SOCKS server unusable: listening for peer.test:0 (BIND): SOCKS server 192.0.2.1:1080: why");
    }
}
