// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.argyle.client.Socks5Datagrams;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Exception.Stage;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Datagram;
import dev.argyle.it.server.Disturbance;
import dev.argyle.it.server.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * AIX's {@code socks5udp_sendto}, line by line: {@link Socks5Datagrams#send}; and what AIX has not, {@link
 * Socks5Datagrams#receive}.
 *
 * <p>What C has and Java cannot have: {@code MsgLen}, which is what remains of the buffer, {@code DstLen} and {@code SvrLen}; {@code
 * Flags}, of which no one means anything to a relay; a socket that is of another type than SOCK_DGRAM. {@code Svr}, the rendezvous
 * address, is the association's, of which the call is a method.
 */
class Socks5UdpSendtoIT extends Page {
    private Socks5Datagrams datagrams;
    private Association association;
    private int echo;

    @BeforeEach
    void associate() throws Exception {
        datagrams = client.associate(PATIENCE);
        association = server.awaitAssociations(1).get(0);
        echo = targets.datagramEcho();
    }

    @AfterEach
    void close() throws Exception {
        datagrams.close();
    }

    private void send(String text, InetSocketAddress target) throws IOException {
        datagrams.send(ByteBuffer.wrap(text.getBytes(US_ASCII)), target);
    }

    /** The next datagram, as {@code text from source}. */
    private String receive() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        InetSocketAddress source = datagrams.receive(buffer, PATIENCE);
        return US_ASCII.decode(buffer.flip()) + " from " + source.getHostString() + ":" + source.getPort();
    }

    @Nested
    class Parameters {
        @Test
        void Message_isSentAsOneDatagram_fromItsPositionToItsLimit() throws Exception {
            ByteBuffer message = ByteBuffer.wrap("a message of bytes".getBytes(US_ASCII));
            message.position(2).limit(9);

            datagrams.send(message, targets.address(echo));

            assertThat(receive()).isEqualTo("message from 127.0.0.2:" + echo);
            assertThat(message.hasRemaining()).isFalse();
        }

        @Test
        void Message_mayBeEmpty() throws Exception {
            datagrams.send(ByteBuffer.allocate(0), targets.address(echo));

            assertThat(receive()).isEqualTo(" from 127.0.0.2:" + echo);
        }

        @Test
        void Dst_isAnIPv4Address() throws Exception {
            send("ping", targets.address(echo));

            assertThat(association.awaitDatagrams(1)).containsExactly(new Datagram(0, 0, 1, "127.0.0.2", echo, 4));
        }

        @Test
        void Dst_isAnIPv6Address() throws Exception {
            server.name("2001:db8::7", targets.address(echo));
            send("ping", new InetSocketAddress(InetAddress.getByName("2001:db8::7"), echo));

            assertThat(receive()).isEqualTo("ping from 2001:db8:0:0:0:0:0:7:" + echo);
            assertThat(association.awaitDatagrams(1))
                    .containsExactly(new Datagram(0, 0, 4, "2001:db8:0:0:0:0:0:7", echo, 4));
        }

        /** AIX has no names here; the server looks them up, and the answer comes from the address. */
        @Test
        void Dst_mayBeAName() throws Exception {
            send("ping", InetSocketAddress.createUnresolved(NAME, echo));

            assertThat(receive()).isEqualTo("ping from 127.0.0.2:" + echo);
            assertThat(association.awaitDatagrams(1)).containsExactly(new Datagram(0, 0, 3, NAME, echo, 4));
        }

        @Test
        void Dst_isAnotherForEachDatagram() throws Exception {
            int other = targets.datagramEcho();

            send("one", targets.address(echo));
            assertThat(receive()).isEqualTo("one from 127.0.0.2:" + echo);
            send("two", targets.address(other));
            assertThat(receive()).isEqualTo("two from 127.0.0.2:" + other);
        }

        @Test
        void Svr_isTheRendezvousAddress() throws Exception {
            send("ping", targets.address(echo));
            receive();

            assertThat(association.client()).isEqualTo(datagrams.localAddress());
            assertThat(datagrams.rendezvous()).isEqualTo(association.relay());
            assertThat(targets.visitors(echo)).containsExactly(association.outbound());
        }
    }

    /** The number of characters of the page is the whole message: a datagram is sent, or is not. */
    @Nested
    class ReturnValues {
        @Test
        void message_ofTheGreatestLength_isSentWhole() throws Exception {
            int silent = targets.datagramSilent();
            datagrams.send(ByteBuffer.allocate(65_507 - 10), targets.address(silent));

            assertThat(association.awaitDatagrams(1))
                    .extracting(Datagram::octets)
                    .containsExactly(65_507 - 10);
        }

        @Test
        void minusOne_isAnException_forAMessageThatIsTooLong_andTheAssociationGoesOn() throws Exception {
            ByteBuffer tooLong = ByteBuffer.allocate(65_507 - 9);

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> datagrams.send(tooLong, targets.address(echo)))
                    .withMessageContaining("Message too long");
            assertThat(tooLong.position()).isZero();

            send("ping", targets.address(echo));
            assertThat(receive()).startsWith("ping ");
        }
    }

    @Nested
    class InheritedErrors {
        @Test
        void EBADF_theSocketIsClosed() throws Exception {
            datagrams.close();

            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> send("ping", targets.address(echo)));
            assertThatExceptionOfType(SocketException.class).isThrownBy(Socks5UdpSendtoIT.this::receive);
        }

        /** The control connection has ended, and the association with it. */
        @ParameterizedTest
        @EnumSource(
                value = Ending.class,
                names = {"CLOSE", "RESET"})
        void ENOTCONN_theAssociationHasEnded(Ending ending) throws Exception {
            association.end(ending);
            Throwable thrown = catchThrowable(Socks5UdpSendtoIT.this::receive);

            assertThat(thrown).isInstanceOf(SocketException.class);
            assertThat(Socks5Exception.of(thrown)).satisfies(failure -> {
                assertThat(failure.stage()).isEqualTo(Stage.ASSOCIATION);
                assertThat(failure.server()).isEqualTo(of(server.address()));
            });
            assertThatExceptionOfType(SocketException.class).isThrownBy(() -> send("ping", targets.address(echo)));
        }
    }

    /** What AIX leaves to recvfrom, and to the program that takes the header off. */
    @Nested
    class Receive {
        @Test
        void source_isWhoHasSent() throws Exception {
            int other = targets.datagramEchoFromAnotherPort();
            send("ping", targets.address(other));

            assertThat(receive()).startsWith("ping from 127.0.0.2:").isNotEqualTo("ping from 127.0.0.2:" + other);
        }

        @Test
        void timeout_thatIsOver_isAnException_andReceiveMayBeCalledAgain() throws Exception {
            ByteBuffer buffer = ByteBuffer.allocate(4);

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> datagrams.receive(buffer, Duration.ofMillis(200)));
            assertThat(buffer.position()).isZero();

            send("ping", targets.address(echo));
            assertThat(receive()).startsWith("ping ");
            assertThatIllegalArgumentException().isThrownBy(() -> datagrams.receive(buffer, Duration.ofMillis(-1)));
        }

        @Test
        void buffer_thatIsTooShort_getsTheBeginning() throws Exception {
            ByteBuffer buffer = ByteBuffer.allocate(2);
            send("ping", targets.address(echo));
            datagrams.receive(buffer, PATIENCE);

            assertThat(US_ASCII.decode(buffer.flip()).toString()).isEqualTo("pi");
            send("pong", targets.address(echo));
            assertThat(receive()).startsWith("pong ");
        }

        @Test
        void fragments_arePutTogether() throws Exception {
            association.disturb(Disturbance.fragments(0, 2, 5));
            send("fragments", targets.address(echo));

            assertThat(receive()).isEqualTo("fragments from 127.0.0.2:" + echo);
        }

        @Test
        void datagramsOfStrangers_areDropped() throws Exception {
            association.disturb(new Disturbance.Forge(Disturbance.Origin.STRANGER, "\0\0\0\1\300\0\2\1\0\7forged"));
            send("ping", targets.address(echo));

            assertThat(receive()).isEqualTo("ping from 127.0.0.2:" + echo);
        }

        @Test
        void close_byAnotherThread_endsTheWait() throws Exception {
            FutureTask<Throwable> receiving = new FutureTask<>(() -> catchThrowable(Socks5UdpSendtoIT.this::receive));
            Thread thread = new Thread(receiving, "receiving");
            thread.start();
            Awaitility.await()
                    .until(() -> Stream.of(thread.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(Socks5Datagrams.class.getName())));

            datagrams.close();

            assertThat(receiving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
        }
    }
}
