// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.argyle.client.S5;
import dev.argyle.client.Socks5Client;
import dev.argyle.client.Socks5Datagrams;
import dev.argyle.client.Socks5Exception;
import dev.argyle.client.Socks5Exception.Stage;
import dev.argyle.it.real.Dante;
import dev.argyle.it.server.Association;
import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AIX's {@code socks5udp_associate}, line by line: {@link Socks5Client#associate}.
 *
 * <p>Its {@code Socket} holds the association and is of no other use, so that the call makes it, and a closed or a connected one
 * (EBADF, ENOTSOCK, EISCONN) cannot be given. Its {@code Dst} is the target for which the association is asked; by RFC 1928
 * section 7, and here, the request has the address that the client sends from, and datagrams may go to any target.
 */
class Socks5UdpAssociateIT extends Page {
    private Association association() {
        return server.associations().get(0);
    }

    private Exchange request() {
        return association().exchange();
    }

    @Nested
    class Parameters {
        @Test
        void Dst_isByTheRfcTheAddressToSendFrom() throws Exception {
            try (Socks5Datagrams datagrams = client.associate(PATIENCE)) {
                assertThat(request().command()).isEqualTo(3);
                assertThat(request().addressType()).isEqualTo(1);
                assertThat(request().host())
                        .isEqualTo(datagrams.localAddress().getAddress().getHostAddress());
                assertThat(request().port()).isEqualTo(datagrams.localAddress().getPort());
            }
        }

        @Test
        void Dst_isTheAddressThatTheProgramGives() throws Exception {
            InetSocketAddress own = new InetSocketAddress("127.0.0.3", 0);
            int echo = targets.datagramEcho();

            try (Socks5Datagrams datagrams = client.associate(own, PATIENCE)) {
                assertThat(datagrams.localAddress().getAddress()).isEqualTo(own.getAddress());
                datagrams.send(ByteBuffer.wrap(new byte[1]), targets.address(echo));
                datagrams.receive(ByteBuffer.allocate(1), PATIENCE);

                assertThat(association().client()).isEqualTo(datagrams.localAddress());
            }
        }

        @Test
        void Svr_thatIsNull_isLookedUp_amongTheRecordsForDatagramsToAnywhere() throws Exception {
            Socks5Client routing = routing("0.0.0.0/0 192.0.2.1 tcp", "0.0.0.0/0 " + of(server.address()) + " udp");

            try (Socks5Datagrams datagrams = routing.associate(PATIENCE)) {
                assertThat(datagrams.server()).isEqualTo(of(server.address()));
            }
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void zero_hasTheRendezvousAddressInThePlaceOfDst() throws Exception {
            try (Socks5Datagrams datagrams = client.associate(PATIENCE)) {
                assertThat(datagrams.rendezvous()).isEqualTo(association().relay());
                assertThat(datagrams.server()).isEqualTo(of(server.address()));
                assertThat(datagrams.localAddress().getPort()).isPositive();
            }
        }

        /** 0.0.0.0 stands for the server. */
        @Test
        void zero_hasTheServersAddress_whereTheReplyHasNone() throws Exception {
            server.faults(Fault.relayAt(new byte[4]));

            try (Socks5Datagrams datagrams = client.associate(PATIENCE)) {
                assertThat(datagrams.rendezvous()).isEqualTo(association().relay());
            }
        }

        /** The descriptor of the page has to be kept open, and its close ends the association (RFC 1928 section 6). */
        @Test
        void zero_isAnAssociation_thatEndsWithItsClose() throws Exception {
            Socks5Datagrams datagrams = client.associate(PATIENCE);
            assertThat(request().ending()).isNull();

            datagrams.close();

            Awaitility.await().until(() -> request().ending() == Ending.CLOSE);
        }

        @Test
        void minusOne_isAnException() {
            server.faults(Fault.withoutUdp());

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> client.associate(PATIENCE))
                    .withMessageContainingAll(of(server.address()).toString(), "S5_EOPNOTSUPP");
        }
    }

    @Nested
    class InheritedErrors {
        @Test
        void EADDRNOTAVAIL_theAddressIsNotAvailableFromTheLocalMachine() {
            InetSocketAddress foreign = new InetSocketAddress("203.0.113.77", 0);

            assertThatExceptionOfType(BindException.class).isThrownBy(() -> client.associate(foreign, PATIENCE));
        }

        @Test
        void EADDRINUSE_theAddressIsAlreadyInUse() throws Exception {
            try (Socks5Datagrams datagrams =
                    client.associate(new InetSocketAddress(InetAddress.getByName("127.0.0.3"), 0), PATIENCE)) {
                assertThatExceptionOfType(BindException.class)
                        .isThrownBy(() -> client.associate(datagrams.localAddress(), PATIENCE));
            }
        }

        @Test
        void ETIMEDOUT_theEstablishmentTimedOut() {
            server.faults(Fault.silence(Step.REQUEST_READ));

            Socks5Exception failure = timedOut(exchange -> exchange.command() != Exchange.NONE, client::associate);

            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
        }

        @Test
        void ECONNREFUSED_theAttemptWasRejected() throws Exception {
            server.refuse();

            Socks5Exception failure = failure(ConnectException.class, () -> client.associate(PATIENCE));

            assertThat(failure.stage()).isEqualTo(Stage.SERVER);
            assertThat(failure.code()).isNull();
            assertThat(failure.server()).isEqualTo(of(server.address()));
        }

        @Test
        void EINVAL_anArgumentIsInvalid() {
            assertThatIllegalArgumentException().isThrownBy(() -> client.associate(Duration.ofMillis(-1)));
            assertThat(server.exchanges()).isEmpty();
        }

        @Test
        void ENOTCONN_theSocketCouldNotBeConnected() {
            server.faults(Fault.close(Step.GREETING_READ));

            Socks5Exception failure = failure(SocketException.class, () -> client.associate(PATIENCE));

            assertThat(failure.stage()).isEqualTo(Stage.METHOD);
        }
    }

    @Nested
    class Errors {
        @ParameterizedTest
        @MethodSource("dev.argyle.it.aix.Page#codes")
        void code_isThatOfTheReply(int rep, S5 code, Class<? extends IOException> type) {
            server.faults(Fault.reply(rep));

            Socks5Exception failure = failure(type, () -> client.associate(PATIENCE));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.rep()).isEqualTo(rep);
            assertThat(failure.stage()).isEqualTo(Stage.REQUEST);
            assertThat(failure.target()).isNull();
            assertThat(failure.server()).isEqualTo(of(server.address()));
        }

        @Test
        void codesThatThePageDoesNotHave_areFailuresWithTheirReply() {
            unknownReplies().forEach(rep -> {
                server.faults(Fault.reply(rep));

                Socks5Exception failure = failure(SocketException.class, () -> client.associate(PATIENCE));

                assertThat(failure.code()).isNull();
                assertThat(failure.rep()).isEqualTo(rep);
            });
        }

        @Test
        void S5_ENOSERV_noServerFound() throws Exception {
            Socks5Client routing = routing("0.0.0.0/0 NONE", "192.0.2.0/24 REFUSE");

            Socks5Exception failure = failure(SocketException.class, () -> routing.associate(PATIENCE));

            assertThat(failure.code()).isEqualTo(S5.S5_ENOSERV);
            assertThat(failure.stage()).isEqualTo(Stage.ROUTE);
            assertThat(server.exchanges()).isEmpty();
        }
    }

    @Nested
    class OfDante {
        @Test
        void association_hasARendezvous_andCarriesDatagrams() throws Exception {
            InetSocketAddress echo = targets.address(targets.datagramEcho());
            try (Dante dante = Dante.start();
                    Socks5Datagrams datagrams =
                            Socks5Client.at(url(dante.address())).associate(PATIENCE)) {
                assertThat(datagrams.rendezvous().getAddress())
                        .isEqualTo(dante.address().getAddress());

                datagrams.send(ByteBuffer.wrap("ping".getBytes(US_ASCII)), echo);
                ByteBuffer buffer = ByteBuffer.allocate(10);
                assertThat(datagrams.receive(buffer, PATIENCE)).isEqualTo(echo);
                assertThat(US_ASCII.decode(buffer.flip()).toString()).isEqualTo("ping");
            }
        }
    }
}
