// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.argyle.it.server.Ending;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels whose server refuses, closes, or says what is no SOCKS: to the program that is a target that refuses, with
 * another exception. Plain, the same cases have a target that does.
 */
class ChannelContractFailuresIT {
    /** The cases whose one target refuses, but for those of the UNIX family, which have no server. */
    private static final String REFUSED = "(?!channel of the UNIX family|HttpClient).*\\brefused\\b.*";

    /** The same of the JDK's client, which takes long to begin. */
    private static final String HTTP_CLIENT_REFUSED = "HttpClient refused.*";

    private static final String FAILURE = "<failure>";

    private static final int FEWEST_CASES = 16;
    private static final int AT_ONCE = 3;

    /** How plain outcomes have it; the server's reply 5 is no other. */
    private static final String PLAIN_FAILURE = "java\\.net\\.ConnectException: \\.\\.refused\\.\\.";

    /** What a failure's message says behind a semicolon, which separates what a case says, too. */
    private static final String ADVICE = "(; (one that is no SOCKS5 server|some do so when)[^;]*)?";

    /** HttpClient makes a ConnectException of any, and leaves the words out if it was one. */
    private static final String OF_HTTP_CLIENT = "java\\.net\\.ConnectException(: [^;]*" + ADVICE + ")?";

    private static Path directory;
    private static ContractRun plain;

    @BeforeAll
    static void runPlain(@TempDir Path temporary) throws Exception {
        directory = temporary;
        plain = program().only(REFUSED + "|" + HTTP_CLIENT_REFUSED).run();
    }

    private static ContractProgram program() {
        return new ContractProgram(directory).channels();
    }

    private static ContractProgram refusedByTheServer(String cases) {
        return program().only(cases).routed(Way.HOOKS).refusedByTheServer();
    }

    /** A server's way to fail, and the exceptions of java.net that tell of it. */
    private record Failure(String exceptions, Fault fault) {
        private static final String CONNECT = "ConnectException";
        private static final String SOCKET = "SocketException";
        private static final String ROUTE = "NoRouteToHostException";

        static Failure reply(int rep, String exception) {
            return new Failure(exception, Fault.reply(rep));
        }

        /** Tells a connect's failure from other exceptions: by its words, or since it names target and server. */
        String pattern() {
            return "java\\.net\\.(" + exceptions + "): (\\.\\.(refused|unreachable|No route to host)\\.\\."
                    + "|[^;]*127\\.0\\.0\\.2:<refused>: SOCKS server 127\\.0\\.0\\.1:<port>[^;]*" + ADVICE + ")";
        }

        @Override
        public String toString() {
            return fault.toString().replaceAll("\\R.*", "");
        }
    }

    private static List<Failure> failures() {
        List<Failure> all = new ArrayList<>(List.of(
                Failure.reply(1, Failure.SOCKET),
                Failure.reply(2, Failure.CONNECT),
                Failure.reply(3, Failure.ROUTE),
                Failure.reply(4, Failure.ROUTE),
                Failure.reply(5, Failure.CONNECT),
                Failure.reply(6, Failure.CONNECT),
                Failure.reply(7, Failure.SOCKET),
                Failure.reply(8, Failure.SOCKET),
                Failure.reply(9, Failure.SOCKET),
                new Failure(Failure.SOCKET, Fault.garbage()),
                new Failure(Failure.SOCKET, Fault.http()),
                new Failure(Failure.SOCKET, Fault.tlsAlert()),
                new Failure(Failure.SOCKET, Fault.sshBanner()),
                new Failure(Failure.SOCKET, Fault.method(0xFF)),
                new Failure(Failure.SOCKET, new Fault.AuthStatus(1)),
                new Failure(Failure.SOCKET, new Fault.AuthVersion(5)),
                new Failure(Failure.SOCKET, new Fault.ReplyVersion(4)),
                new Failure(Failure.CONNECT, new Fault.CutReply(3, Ending.CLOSE)),
                new Failure(Failure.CONNECT + "|" + Failure.SOCKET, new Fault.CutReply(3, Ending.RESET))));
        for (Step step : EnumSet.complementOf(EnumSet.of(Step.REPLY_SENT))) {
            all.add(new Failure(Failure.CONNECT + "|" + Failure.SOCKET, Fault.close(step)));
            all.add(new Failure(Failure.CONNECT + "|" + Failure.SOCKET, Fault.reset(step)));
        }
        return all;
    }

    @Test
    void plain_hasTheCases() {
        assertThat(plain.outcomes()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
        assertThat(plain.outcomes().values())
                .as(() -> plain.result().err())
                .noneMatch(outcome -> outcome.startsWith("HUNG") || outcome.startsWith("UNEXPECTED"));
    }

    @TestFactory
    Stream<DynamicContainer> routed_eachCaseIsAsIfTheTargetRefused() throws Exception {
        return ContractRuns.each(
                failures(),
                AT_ONCE,
                failure -> refusedByTheServer(REFUSED)
                        .authenticated()
                        .faults(failure.fault)
                        .run(),
                (failure, run) -> eachCase(failure.pattern(), run));
    }

    /** It makes an exception of its own of any. */
    @TestFactory
    Stream<DynamicContainer> routedHttpClient_eachCaseIsAsIfTheTargetRefused() throws Exception {
        return ContractRuns.each(
                List.of(Fault.reply(4), Fault.reply(5), Fault.garbage(), Fault.close(Step.REQUEST_READ)),
                AT_ONCE,
                fault -> refusedByTheServer(HTTP_CLIENT_REFUSED).faults(fault).run(),
                (fault, run) -> eachCase(OF_HTTP_CLIENT, run));
    }

    @TestFactory
    Stream<DynamicTest> routedThroughADeadServer_eachCaseIsAsIfTheTargetRefused() throws Exception {
        return eachCase(PLAIN_FAILURE, refusedByTheServer(REFUSED).deadServer().run());
    }

    private static Stream<DynamicTest> eachCase(String failure, ContractRun run) {
        return Stream.concat(
                run.outcomes().keySet().stream().map(name -> dynamicTest(name, () -> isAsRefused(name, failure, run))),
                Stream.of(dynamicTest("to the end, and none direct", () -> {
                    assertThat(run.outcomes()).isNotEmpty();
                    assertThat(run.ended()).isTrue();
                    assertThat(run.directVisitors()).isEmpty();
                })));
    }

    private static void isAsRefused(String name, String failure, ContractRun run) {
        String outcome = run.outcomes().getOrDefault(name, "");
        String expected = plain.outcomes().get(name);
        assertThat(outcome.replaceAll(failure, FAILURE))
                .as(outcome)
                .isEqualTo(
                        expected.replaceAll(name.startsWith("HttpClient") ? OF_HTTP_CLIENT : PLAIN_FAILURE, FAILURE));
    }
}
