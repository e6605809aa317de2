// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.aix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.ConnectPage;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * connect(3SOCKET), line by line, of a program whose connections and datagrams go through a server, beside the same program plain:
 * the return values and the errors of the page are the JDK's results and exceptions, and the same for both.
 *
 * <p>What the page has and Java cannot have: an integer that is no descriptor (EBADF is a closed socket) or no socket (ENOTSOCK), a
 * length of the address (EINVAL is a port or an address that is none), a datagram socket of the UNIX domain (EPROTOTYPE), I/O on a
 * file system and STREAMS (EIO, ENOSR). EACCES does not befall root, who runs these tests.
 */
class Connect3SocketIT {
    private static final String HOST = "127.0.0.2";

    /** A network's broadcast address, which a plain connect cannot reach. */
    private static final String UNREACHABLE = "127.255.255.255";

    private static final String SAME_FOR_BOTH = "the routed program says as the plain one";

    /** They serve all the tests. */
    private static final Duration LIFE = Duration.ofMinutes(12);

    /** For one answer, and the start of the program before the first. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static Targets targets;
    private static ScriptedServer server;
    private static JvmProcess plain;
    private static JvmProcess routed;
    private static int echo;
    private static int refused;
    private static int silent;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
        echo = targets.echo();
        refused = targets.refused();
        silent = targets.full();
        plain = Jvm.of(ConnectPage.class).timeout(LIFE).start();
        routed = Jvm.of(ConnectPage.class)
                .agent("proxy=socks5h://127.0.0.1:" + server.port() + ",bypass=none")
                .timeout(LIFE)
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        plain.close();
        routed.close();
        server.close();
        targets.close();
    }

    @AfterEach
    void playNoFault() {
        server.faults();
    }

    private static String said(JvmProcess program, String what, Object... arguments) throws Exception {
        String id = ++number + " ";
        StringBuilder line = new StringBuilder(id).append(what);
        for (Object argument : arguments) {
            line.append(' ').append(argument);
        }
        program.say(line.toString());
        program.awaitOut(id + "done", LONGEST);
        return program.out()
                .lines()
                .filter(answer -> answer.startsWith(id))
                .findFirst()
                .orElseThrow()
                .substring(id.length());
    }

    /** What both programs say. */
    private static String same(String what, Object... arguments) throws Exception {
        String outcome = said(routed, what, arguments);
        assertThat(outcome).as(SAME_FOR_BOTH).isEqualTo(said(plain, what, arguments));
        return outcome;
    }

    /** What a routed connect says where the server replies so, of a socket and of a channel, and that neither is of use after it. */
    private static void assertFails(int rep, String exception) throws Exception {
        server.faults(Fault.reply(rep));
        assertThat(said(routed, "fails", HOST, echo))
                .matches(exception + ".* \\| " + exception + ".* \\| connected false false, closed true true");
    }

    @Nested
    class Description {
        @Test
        void ofAStreamSocket_attemptsToMakeAConnection() throws Exception {
            assertThat(same("stream", HOST, echo)).isEqualTo("true /127.0.0.2:" + echo + " ping");

            assertThat(server.awaitConnects(1)).isNotEmpty();
        }

        @Test
        void socketThatIsNotBound_isBoundToAnAddress() throws Exception {
            assertThat(same("local", HOST, echo)).isEqualTo("false true");
        }

        @Test
        void streamSocket_canConnectOnlyOnce() throws Exception {
            assertThat(same("again", HOST, echo)).endsWith("AlreadyConnectedException | ping");
        }

        @Test
        void ofADatagramSocket_specifiesTheReceiverThatIsNotDesignated() throws Exception {
            int datagrams = targets.datagramEcho();

            assertThat(same("peer", HOST, datagrams)).isEqualTo("ping from " + datagrams);

            assertThat(server.awaitAssociations(1)).isNotEmpty();
        }

        @Test
        void ofADatagramSocket_specifiesTheOnlyAddressToReceiveFrom() throws Exception {
            assertThat(same("stranger", HOST, targets.datagramEchoFromAnotherPort()))
                    .startsWith("java.net.SocketTimeoutException: ")
                    .endsWith(" | true");
        }

        @Test
        void datagramSocket_connectsManyTimes_andDissolvesTheAssociation() throws Exception {
            int first = targets.datagramEcho();
            int second = targets.datagramEcho();

            assertThat(same("peers", HOST, first, second))
                    .isEqualTo("one from " + first + ", two from " + second + ", three from " + first
                            + ", connected false");
        }
    }

    @Nested
    class NonBlockingSockets {
        /** EWOULDBLOCK: what would wait is refused. */
        @Test
        void socket_isBlockingByDefault_andCanBeConfiguredNotToBe() throws Exception {
            assertThat(same("mode", HOST, echo)).isEqualTo("true false java.nio.channels.IllegalBlockingModeException");
        }

        @Test
        void connect_thatCannotBeCompletedAtOnce_goesOnInTheBackground() throws Exception {
            assertThat(same("pending", HOST, silent)).startsWith("false true false | ");
        }

        @Test
        void state_isToldByPollingForOutput_andSoErrorOfZeroIsAConnection() throws Exception {
            assertThat(same("select", HOST, echo)).isEqualTo("true true ping");
        }

        @Test
        void soError_thatIsNotZero_isTheCodeThatABlockingConnectReturns() throws Exception {
            assertThat(said(plain, "select", HOST, refused)).isEqualTo("java.net.ConnectException: Connection refused");
            assertThat(said(routed, "select", HOST, refused))
                    .startsWith("java.net.ConnectException: Connection refused: ");
        }

        @Test
        void connect_mayFailSynchronously() throws Exception {
            assertThat(same("family", HOST, echo)).contains("UnsupportedAddressTypeException | false | ");
        }
    }

    @Nested
    class ReturnValues {
        @Test
        void zero_isAConnectThatReturns() throws Exception {
            assertThat(same("stream", HOST, echo)).startsWith("true ");
        }

        @Test
        void minusOne_isAnException_andNoConnection() throws Exception {
            assertThat(said(plain, "fails", HOST, refused)).endsWith(" | connected false false, closed true true");
            assertThat(said(routed, "fails", HOST, refused)).endsWith(" | connected false false, closed true true");
        }
    }

    @Nested
    class Errors {
        @Test
        void EADDRINUSE_theAddressIsAlreadyInUse() throws Exception {
            assertThat(same("in-use", HOST)).startsWith("java.net.BindException: Address already in use");
        }

        @Test
        void EADDRNOTAVAIL_theSpecifiedAddressIsNotAvailable() throws Exception {
            assertThat(same("foreign", "203.0.113.77"))
                    .startsWith("java.net.BindException: Cannot assign requested address");
        }

        @Test
        void EAFNOSUPPORT_addressesOfTheFamilyCannotBeUsedWithThisSocket() throws Exception {
            String unsupported = "java.nio.channels.UnsupportedAddressTypeException";

            assertThat(same("family", HOST, echo)).isEqualTo(unsupported + " | " + unsupported + " | false | true");
        }

        @Test
        void EALREADY_aPreviousAttemptHasNotYetBeenCompleted() throws Exception {
            assertThat(same("pending", HOST, silent))
                    .contains(" | java.nio.channels.ConnectionPendingException | ")
                    .endsWith("java.nio.channels.NotYetConnectedException");
        }

        @Test
        void EBADF_theSocketIsClosed() throws Exception {
            assertThat(same("closed", HOST, echo))
                    .matches("java\\.net\\.SocketException: Socket (is )?closed"
                            + " \\| java\\.nio\\.channels\\.(Closed|Asynchronous)(Channel|Close)Exception");
        }

        @Test
        void ECONNREFUSED_theAttemptWasRejected_andANewSocketIsNeeded() throws Exception {
            String closed = " | connected false false, closed true true";
            String exception = "java.net.ConnectException: Connection refused";

            assertThat(said(plain, "fails", HOST, refused)).isEqualTo(exception + " | " + exception + closed);
            assertThat(said(routed, "fails", HOST, refused))
                    .matches(exception + ": .* \\(0x05, S5_ECONNREFUSED\\) \\| " + exception + ": .*"
                            + closed.replace("|", "\\|"));
        }

        @Test
        void EINPROGRESS_theSocketIsNonBlocking_andTheConnectionCannotBeCompletedImmediately() throws Exception {
            assertThat(same("pending", HOST, silent)).startsWith("false true false | ");
        }

        /** A thread's interrupt closes a blocking channel; the others' connections are established all the same. */
        @Test
        void EINTR_theAttemptWasInterrupted_andTheConnectionIsEstablishedAllTheSame() throws Exception {
            assertThat(same("interrupted", HOST, echo))
                    .isEqualTo("connected | java.nio.channels.ClosedByInterruptException | true true");
        }

        @Test
        void EINVAL_whatIsGivenIsNoValidAddress() throws Exception {
            assertThat(same("invalid"))
                    .isEqualTo("java.lang.IllegalArgumentException: port out of range:65536"
                            + " | java.lang.IllegalArgumentException: connect: The address can't be null"
                            + " | java.lang.NullPointerException");
        }

        @Test
        void EISCONN_theSocketIsAlreadyConnected() throws Exception {
            assertThat(same("again", HOST, echo))
                    .matches("java\\.net\\.SocketException: [Aa]lready connected"
                            + " \\| java\\.nio\\.channels\\.AlreadyConnectedException \\| ping");
        }

        /** That of the network behind the server, reply 3, has the type that the next line's has. */
        @Test
        void ENETUNREACH_theNetworkIsNotReachable() throws Exception {
            assertThat(said(plain, "fails", UNREACHABLE, echo))
                    .startsWith("java.net.SocketException: Network is unreachable");

            assertFails(3, "java\\.net\\.NoRouteToHostException: Network is unreachable: ");
        }

        @Test
        void EHOSTUNREACH_theRemoteHostIsNotReachable() throws Exception {
            assertFails(4, "java\\.net\\.NoRouteToHostException: No route to host: ");
        }

        @Test
        void ENXIO_theServerExitedBeforeTheConnectionWasComplete() throws Exception {
            server.faults(Fault.close(Step.REQUEST_READ));

            assertThat(said(routed, "fails", HOST, echo))
                    .startsWith("java.net.ConnectException: Connection refused: ")
                    .endsWith(" | connected false false, closed true true");
        }

        @Test
        void ETIMEDOUT_connectionEstablishmentTimedOut() throws Exception {
            assertThat(same("timeout", HOST, silent, 300))
                    .isEqualTo("java.net.SocketTimeoutException: Connect timed out");

            assertFails(6, "java\\.net\\.ConnectException: Connection timed out: ");
        }
    }

    /** Their connections never leave this machine, and go past every server. */
    @Nested
    class ErrorsOfTheUnixDomain {
        @TempDir
        private Path folder;

        private String connect(Path path) throws Exception {
            int before = server.exchanges().size();
            String outcome = same("unix", path);
            assertThat(server.exchanges()).hasSize(before);
            return outcome;
        }

        @Test
        void ELOOP_tooManySymbolicLinksInThePath() throws Exception {
            Path loop = folder.resolve("loop");
            Files.createSymbolicLink(loop, loop);

            assertThat(connect(loop)).isEqualTo("java.net.SocketException: Too many levels of symbolic links");
        }

        @Test
        void ENOENT_aComponentOfThePrefixDoesNotExist() throws Exception {
            assertThat(connect(folder.resolve("missing/socket")))
                    .isEqualTo("java.net.SocketException: No such file or directory");
        }

        @Test
        void ENOENT_theSocketOfThePathDoesNotExist() throws Exception {
            assertThat(connect(folder.resolve("socket")))
                    .isEqualTo("java.net.SocketException: No such file or directory");
        }

        @Test
        void ENOTDIR_aComponentOfThePrefixIsNotADirectory() throws Exception {
            Path file = Files.createFile(folder.resolve("file"));

            assertThat(connect(file.resolve("socket"))).isEqualTo("java.net.SocketException: Not a directory");
        }

        /** Linux says that it refuses. */
        @Test
        void ENOTSOCK_theNameIsNotASocket() throws Exception {
            assertThat(connect(Files.createFile(folder.resolve("file"))))
                    .isEqualTo("java.net.ConnectException: Connection refused");
        }
    }
}
