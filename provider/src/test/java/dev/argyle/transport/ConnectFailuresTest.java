// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Address;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.Credentials;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.SocksException.Kind;
import dev.argyle.protocol.Stage;
import dev.argyle.route.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types as aix-socks5.md has them, messages in the order what, target, server, detail. */
class ConnectFailuresTest {
    private static final String SECRET = "hunter2";
    private static final Hop LITERAL = hop("192.0.2.1", Connects.address(1, 1080));
    private static final Hop NAMED = hop("proxy.test", Connects.address(2, 1080));

    private final ConnectFailures failures = new ConnectFailures(Command.CONNECT, Connects.TARGET);

    private static Hop hop(String host, InetSocketAddress address) {
        return new Hop(new ServerState(new Server(host, 1080, true, new Credentials("bob", SECRET))), address);
    }

    private IOException exception(Stage stage, IOException reason) {
        failures.add(LITERAL, stage, reason);
        return failures.exception();
    }

    private static SocksException socks(Kind kind, Stage stage, int code) {
        return new SocksException(kind, stage, code, "the server did it");
    }

    private static IntStream failureCodes() {
        return IntStream.rangeClosed(1, 255);
    }

    private static Class<? extends IOException> typeOf(int rep) {
        return switch (rep) {
            case 2, 5, 6 -> ConnectException.class;
            case 3, 4 -> NoRouteToHostException.class;
            default -> SocketException.class;
        };
    }

    @ParameterizedTest
    @MethodSource("failureCodes")
    void exception_replyCode_hasTypeMessageAndCause(int rep) {
        SocksException reason = socks(Kind.REPLY, Stage.REQUEST, rep);

        assertThat(exception(Stage.REQUEST, reason))
                .isExactlyInstanceOf(typeOf(rep))
                .hasMessageEndingWith(": target.test:80: SOCKS server 192.0.2.1:1080: the server did it")
                .hasCause(reason);
    }

    @Test
    void exception_ownAddress_isABindException() {
        BindException reason = new BindException("Cannot assign requested address");

        failures.add(LITERAL, null, reason);

        assertThat(failures.exception())
                .isExactlyInstanceOf(BindException.class)
                .hasMessageEndingWith(": SOCKS server 192.0.2.1:1080: Cannot assign requested address")
                .hasCause(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "1, SOCKS server failure",
        "2, Connection not allowed",
        "3, Network is unreachable",
        "4, No route to host",
        "5, Connection refused",
        "6, Connection timed out",
        "7, Command not supported",
        "8, Address type not supported",
        "9, SOCKS server failure",
        "240, SOCKS server failure",
        "255, SOCKS server failure"
    })
    void exception_replyCode_beginsWithTheJdksWords(int rep, String words) {
        assertThat(exception(Stage.REQUEST, socks(Kind.REPLY, Stage.REQUEST, rep)))
                .hasMessageStartingWith(words + ": target.test:80: ");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ACCEPTABLE_METHOD, METHOD, java.net.SocketException, SOCKS server unusable",
        "MALFORMED, METHOD, java.net.SocketException, SOCKS server unusable",
        "MALFORMED, AUTHENTICATION, java.net.SocketException, SOCKS server unusable",
        "MALFORMED, REQUEST, java.net.SocketException, SOCKS server unusable",
        "AUTHENTICATION_FAILED, AUTHENTICATION, java.net.SocketException, SOCKS authentication failed",
        "CLOSED, METHOD, java.net.SocketException, SOCKS server unusable",
        "CLOSED, AUTHENTICATION, java.net.SocketException, SOCKS server unusable",
        "CLOSED, REQUEST, java.net.ConnectException, Connection refused"
    })
    void exception_kind_hasTypeAndWords(Kind kind, Stage stage, Class<? extends IOException> type, String words) {
        SocksException reason = socks(kind, stage, -1);

        assertThat(exception(stage, reason))
                .isExactlyInstanceOf(type)
                .hasMessage(words + ": target.test:80: SOCKS server 192.0.2.1:1080: the server did it")
                .hasCause(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "METHOD, Connection reset after the greeting",
        "AUTHENTICATION, Connection reset during authentication",
        "REQUEST, Connection reset after the request"
    })
    void exception_resetInTheHandshake_saysWhen(Stage stage, String words) {
        assertThat(exception(stage, new SocketException("Connection reset")))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("SOCKS server unusable: target.test:80: SOCKS server 192.0.2.1:1080: " + words);
    }

    @Test
    void exception_serverNotReached_keepsTheKernelsType() {
        failures.add(LITERAL, null, new NoRouteToHostException("No route to host"));
        assertThat(failures.exception())
                .isExactlyInstanceOf(NoRouteToHostException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " No route to host");

        failures.add(NAMED, null, new ConnectException("Connection refused"));
        assertThat(failures.exception())
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server proxy.test:1080 (192.0.2.2):"
                        + " Connection refused; tried before: SOCKS server 192.0.2.1:1080: No route to host");

        failures.add(LITERAL, null, new SocketException("Network is unreachable"));
        assertThat(failures.exception())
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " Network is unreachable; tried before: SOCKS server 192.0.2.1:1080: No route to host,"
                        + " SOCKS server proxy.test:1080 (192.0.2.2): Connection refused");
    }

    @Test
    void exception_reasonWithoutMessage_isNamed() {
        assertThat(exception(Stage.METHOD, new java.nio.channels.AsynchronousCloseException()))
                .hasMessageEndingWith(": java.nio.channels.AsynchronousCloseException after the greeting");
    }

    @Test
    void exception_ipv6Server_isBracketed() throws IOException {
        InetAddress six =
                InetAddress.getByAddress(new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        failures.add(hop("2001:db8::1", new InetSocketAddress(six, 1080)), null, new ConnectException("no"));

        assertThat(failures.exception()).hasMessageContaining(": SOCKS server [2001:db8::1]:1080: no");
    }

    @Test
    void exception_anyKind_showsNoSecret() {
        for (Kind kind : Kind.values()) {
            assertThat(exception(Stage.REQUEST, socks(kind, Stage.REQUEST, ReplyCode.GENERAL_FAILURE))
                            .toString())
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void exception_noServerHadAPart_isTheReasonItself() {
        ConnectException reason = new ConnectException("Connection refused");
        failures.add(new Hop(null, Connects.address(1, 80)), null, reason);

        assertThat(failures.exception()).isSameAs(reason);
    }

    @Test
    void isClosedWithoutReply_onlyForAnEndAfterTheRequest() {
        assertThat(ConnectFailures.isClosedWithoutReply(socks(Kind.CLOSED, Stage.REQUEST, -1)))
                .isTrue();
        assertThat(ConnectFailures.isClosedWithoutReply(socks(Kind.CLOSED, Stage.METHOD, -1)))
                .isFalse();
        assertThat(ConnectFailures.isClosedWithoutReply(socks(Kind.REPLY, Stage.REQUEST, 1)))
                .isFalse();
        assertThat(ConnectFailures.isClosedWithoutReply(new SocketException("Connection reset")))
                .isFalse();
    }

    // ---- associations

    private static IOException withoutAssociation(@Nullable Stage stage, IOException reason) {
        ConnectFailures none = new ConnectFailures(Command.UDP_ASSOCIATE, null);
        none.add(NAMED, null, new ConnectException("Connection refused"));
        none.add(LITERAL, stage, reason);
        return none.exception();
    }

    @ParameterizedTest
    @CsvSource({
        "REPLY, REQUEST, 1",
        "REPLY, REQUEST, 2",
        "REPLY, REQUEST, 4",
        "MALFORMED, REQUEST, -1",
        "CLOSED, METHOD, -1",
        "AUTHENTICATION_FAILED, AUTHENTICATION, 1",
        "NO_ACCEPTABLE_METHOD, METHOD, 255"
    })
    void exception_association_namesTheServersAndNoTarget(Kind kind, Stage stage, int code) {
        SocksException reason = socks(kind, stage, code);

        assertThat(withoutAssociation(stage, reason))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("No UDP association: SOCKS server 192.0.2.1:1080: the server did it;"
                        + " tried before: SOCKS server proxy.test:1080 (192.0.2.2): Connection refused")
                .hasCause(reason);
    }

    @ParameterizedTest
    @CsvSource({"REPLY, 7", "CLOSED, -1"})
    void exception_associationAtAServerWithoutUdp_saysWhatHelps(Kind kind, int code) {
        assertThat(withoutAssociation(Stage.REQUEST, socks(kind, Stage.REQUEST, code)))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("No UDP association: SOCKS server 192.0.2.1:1080: the server did it; ")
                .hasMessageEndingWith(
                        "; this server carries no datagrams: udp=off, or records with NONE udp, let them go direct");
    }

    /** A program that asks for an association itself has no use for keys. */
    @Test
    void exception_associationThatWasAskedFor_advisesNothing() {
        ConnectFailures asked = new ConnectFailures(Command.UDP_ASSOCIATE, Address.ip(new byte[4], 0));
        asked.add(LITERAL, Stage.REQUEST, socks(Kind.REPLY, Stage.REQUEST, ReplyCode.COMMAND_NOT_SUPPORTED));

        assertThat(asked.exception()).hasMessageEndingWith("; this server carries no datagrams");
    }

    @Test
    void exception_associationNotReached_hasTheKernelsWords() {
        assertThat(withoutAssociation(null, new NoRouteToHostException("No route to host")))
                .hasMessageStartingWith("No UDP association: SOCKS server 192.0.2.1:1080: No route to host; ");
        assertThat(withoutAssociation(Stage.REQUEST, new SocketException("Connection reset")))
                .hasMessageStartingWith(
                        "No UDP association: SOCKS server 192.0.2.1:1080: Connection reset after the request; ");
    }

    @Test
    void hasNoUdp_onlyForRep7AndAnEndAfterTheRequest() {
        assertThat(ConnectFailures.hasNoUdp(socks(Kind.REPLY, Stage.REQUEST, ReplyCode.COMMAND_NOT_SUPPORTED)))
                .isTrue();
        assertThat(ConnectFailures.hasNoUdp(socks(Kind.CLOSED, Stage.REQUEST, -1)))
                .isTrue();
        assertThat(ConnectFailures.hasNoUdp(socks(Kind.REPLY, Stage.REQUEST, 1)))
                .isFalse();
        assertThat(ConnectFailures.hasNoUdp(socks(Kind.CLOSED, Stage.METHOD, -1)))
                .isFalse();
        assertThat(ConnectFailures.hasNoUdp(new SocketException("Connection reset")))
                .isFalse();
    }

    // ---- BIND

    private static IOException ofBind(boolean second, IOException reason) {
        ConnectFailures ofBind = new ConnectFailures(Command.BIND, Connects.TARGET);
        if (second) {
            ofBind.addSecond(LITERAL, reason);
        } else {
            ofBind.add(LITERAL, Stage.REQUEST, reason);
        }
        return ofBind.exception();
    }

    /** Nothing has been connected when the first reply comes: what is refused is the address to listen at. */
    @ParameterizedTest
    @MethodSource("failureCodes")
    void exception_firstReplyToBind_isOfTheTypeOfAConnectButForTheAddressInUse(int rep) {
        SocksException reason = socks(Kind.REPLY, Stage.REQUEST, rep);

        assertThat(ofBind(false, reason))
                .isExactlyInstanceOf(rep == 5 ? BindException.class : typeOf(rep))
                .hasMessageEndingWith(
                        ": listening for target.test:80 (BIND): SOCKS server 192.0.2.1:1080: the server did it")
                .hasCause(reason);
    }

    @ParameterizedTest
    @MethodSource("failureCodes")
    void exception_secondReplyToBind_isOfTheTypeOfAConnect(int rep) {
        SocksException reason = socks(Kind.REPLY, Stage.REQUEST, rep);

        assertThat(ofBind(true, reason))
                .isExactlyInstanceOf(typeOf(rep))
                .hasMessageEndingWith(
                        ": a connection from target.test:80 (BIND): SOCKS server 192.0.2.1:1080: the server did it")
                .hasCause(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 5, Address already in use",
        "true, 5, Connection refused",
        "false, 2, Connection not allowed",
        "true, 2, Connection not allowed",
        "false, 7, Command not supported",
        "true, 6, Connection timed out"
    })
    void exception_replyToBind_beginsWithTheJdksWords(boolean second, int rep, String words) {
        assertThat(ofBind(second, socks(Kind.REPLY, Stage.REQUEST, rep))).hasMessageStartingWith(words + ": ");
    }

    /** OpenSSH's refusal of a target is no word on a BIND. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void exception_bindClosedWithoutReply_isTheServers(boolean second) {
        assertThat(ofBind(second, socks(Kind.CLOSED, Stage.REQUEST, -1)))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessageStartingWith("SOCKS server unusable: " + (second ? "a connection from " : "listening for "));
    }

    @Test
    void exception_bindAtAServerThatIsDown_isOfTheTypeOfAConnect() {
        ConnectFailures ofBind = new ConnectFailures(Command.BIND, Connects.TARGET);
        ofBind.add(LITERAL, null, new ConnectException("Connection refused"));

        assertThat(ofBind.exception())
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("No SOCKS server can be reached: listening for target.test:80 (BIND):"
                        + " SOCKS server 192.0.2.1:1080: Connection refused");
    }
}
