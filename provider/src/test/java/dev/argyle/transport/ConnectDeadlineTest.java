// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.Connects.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** connect.timeout, handshake.timeout, and the application's own. */
class ConnectDeadlineTest {
    private static final long SHORT_MILLIS = 30;

    /** Where something has to be done before: this thread may well have to wait for a processor. */
    private static final long AMPLE_MILLIS = 2_000;

    private static final long LONG_MILLIS = 600_000;
    private static final Timeouts SHORT_REACH = new Timeouts(SHORT_MILLIS, LONG_MILLIS);
    private static final Timeouts AMPLE_REACH = new Timeouts(AMPLE_MILLIS, LONG_MILLIS);
    private static final Timeouts SHORT_REPLY = new Timeouts(LONG_MILLIS, SHORT_MILLIS);

    private static long millisSince(long beginNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    }

    @Test
    void advance_unreachable_endsAfterConnectTimeout() {
        Connects connects = new Connects().server(ScriptedPeer.unreachable());
        connects.timeouts = SHORT_REACH;
        long begin = System.nanoTime();

        assertThat(connects.failure())
                .isInstanceOf(ConnectException.class)
                .hasMessage("No SOCKS server can be reached: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " not reached within 30 ms (connect.timeout)");
        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(SHORT_MILLIS);
        assertThat(connects.failedLately(0)).isTrue();
    }

    @Test
    void advance_silentAfterAccept_endsAfterConnectTimeout() {
        Connects connects = new Connects().server(ScriptedPeer.silent());
        connects.timeouts = AMPLE_REACH;

        assertThat(connects.failure())
                .isInstanceOf(ConnectException.class)
                .hasMessage("SOCKS server unusable: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " connected, but the handshake got no answer within 2000 ms (connect.timeout);"
                        + " a server that expects TLS or HTTP is silent like this");
    }

    @Test
    void advance_silentAfterTheMethod_goesOnWithTheNext() throws IOException {
        Connects connects = new Connects()
                .server(new dev.argyle.protocol.Credentials("bob", "pw"), ScriptedPeer.answering("0502"))
                .server(ScriptedPeer.honest());
        connects.timeouts = AMPLE_REACH;

        connects.drive();

        assertThat(connects.carrier.connects).hasSize(2);
    }

    @Test
    void advance_dripOfTheHandshake_doesNotProlongConnectTimeout() {
        Connects connects = new Connects().server(ScriptedPeer.answering("05").drip());
        connects.timeouts = SHORT_REACH;

        assertThat(connects.failure()).hasMessageContaining("(connect.timeout)");
    }

    @Test
    void advance_noReply_isFinalAfterHandshakeTimeout() {
        Connects connects = new Connects()
                .server(ScriptedPeer.answering("0500"))
                .server(ScriptedPeer.honest())
                .resort(ScriptedPeer.silent());
        connects.timeouts = SHORT_REPLY;
        long begin = System.nanoTime();

        assertThat(connects.failure())
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection timed out: target.test:80: SOCKS server 192.0.2.1:1080:"
                        + " no reply to the request within 30 ms (handshake.timeout)");
        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(SHORT_MILLIS);
        assertThat(connects.carrier.connects).hasSize(1);
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_partOfTheReply_doesNotProlongHandshakeTimeout() {
        Connects connects =
                new Connects().server(ScriptedPeer.answering("0500", "050000").drip());
        connects.timeouts = SHORT_REPLY;

        assertThat(connects.failure()).hasMessageContaining("(handshake.timeout)");
    }

    @Test
    void advance_nextServer_hasTheWholeConnectTimeoutAgain() {
        Connects connects = new Connects().server(ScriptedPeer.unreachable()).server(ScriptedPeer.unreachable());
        connects.timeouts = SHORT_REACH;
        long begin = System.nanoTime();

        assertThat(connects.failure()).hasMessageContaining("192.0.2.1").hasMessageContaining("192.0.2.2");
        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(2 * SHORT_MILLIS);
    }

    @Test
    void advance_applicationsTimeout_isSharedWithTheServersThatAreLeft() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.unreachable()).server(ScriptedPeer.honest());
        connects.timeoutMillis = 4_000;
        long begin = System.nanoTime();

        connects.drive();

        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(2_000);
        assertThat(connects.failedLately(0)).as("so that it is tried last").isTrue();
    }

    @Test
    void advance_applicationsTimeout_isSharedWithTheLastResort() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.unreachable()).resort(ScriptedPeer.silent());
        connects.timeoutMillis = 4_000;

        connects.drive();

        assertThat(connects.carrier.connects).containsExactly(connects.address(0), address(99, 80));
    }

    @Test
    void advance_shareOfTheApplicationsTimeout_isNotCalledConnectTimeout() {
        Connects connects = new Connects().server(ScriptedPeer.unreachable()).server(ScriptedPeer.replying(2));
        connects.timeoutMillis = 4_000;

        assertThat(connects.failure())
                .hasMessageContaining("192.0.2.1:1080: not reached within ")
                .hasMessageContaining(" ms (its share of the application's timeout)");
    }

    @Test
    void advance_applicationsTimeoutEnds_isTheJdksExceptionAndTheUnreachedServerIsRemembered() {
        Connects connects = new Connects().server(ScriptedPeer.unreachable());
        connects.timeoutMillis = SHORT_MILLIS;
        long begin = System.nanoTime();

        assertThat(connects.failure())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Connect timed out");
        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(SHORT_MILLIS);
        assertThat(connects.failedLately(0)).isTrue();
    }

    @Test
    void advance_applicationsTimeoutEndsForASlowTarget_theServerIsNotToBlame() {
        Connects connects = new Connects()
                .server(ScriptedPeer.answering("0500"))
                .server(ScriptedPeer.honest())
                .resort(ScriptedPeer.silent());
        connects.timeoutMillis = AMPLE_MILLIS;

        assertThat(connects.failure()).isInstanceOf(SocketTimeoutException.class);
        assertThat(connects.carrier.connects).hasSize(1);
        assertThat(connects.failedLately(0)).isFalse();
    }

    @Test
    void advance_applicationsTimeoutUsedUpBefore_isTheJdksException() {
        Connects connects = new Connects();
        connects.timeoutMillis = 0;
        connects.failures.addUnreachable(
                new dev.argyle.route.Server("proxy.test", 1080, true, null), new ConnectException("no name"));

        assertThat(connects.failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void remainingNanos_byPhase_isTheSoonerLimitAndNeverZero() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.answering("0500"));
        connects.timeouts = new Timeouts(60_000, 120_000);
        Connect connect = connects.connect();

        assertThat(connect.remainingNanos()).as("before the first step").isEqualTo(1);
        connect.advance();
        assertThat(connect.remainingNanos()).isBetween(TimeUnit.SECONDS.toNanos(50), TimeUnit.SECONDS.toNanos(60));
        while (connects.carrier.unread() > 0) {
            connect.advance();
        }
        assertThat(connect.remainingNanos())
                .as("requested")
                .isBetween(TimeUnit.SECONDS.toNanos(110), TimeUnit.SECONDS.toNanos(120));
    }

    @Test
    void remainingNanos_applicationsTimeoutIsSooner_isThat() throws IOException {
        Connects connects = new Connects().server(ScriptedPeer.unreachable());
        connects.timeoutMillis = 20_000;
        Connect connect = connects.connect();
        connect.advance();

        assertThat(connect.remainingNanos()).isBetween(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void remainingNanos_targetItselfWithoutTimeout_isTheKernelsAffair() throws IOException {
        Connects connects = new Connects().direct(ScriptedPeer.unreachable());
        connects.timeouts = SHORT_REACH;
        connects.timeoutMillis = TimeUnit.NANOSECONDS.toMillis(Connect.UNLIMITED_NANOS);
        Connect connect = connects.connect();
        connect.advance();

        assertThat(connect.remainingNanos()).isGreaterThan(TimeUnit.DAYS.toNanos(365));
    }
}
