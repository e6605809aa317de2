// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.protocol.Authentication;
import dev.argyle.protocol.Credentials;
import dev.argyle.protocol.UserPassword;
import dev.argyle.route.Server;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerStateTest {
    private static ServerState state(String host) {
        return new ServerState(new Server(host, 1080, true, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5, Long.MIN_VALUE + 5, -1})
    void failedLately_for60Seconds_whereverNanoTimeStands(long failedAt) {
        ServerState state = state("192.0.2.1");
        assertThat(state.failedLately(failedAt)).isFalse();

        state.failed(failedAt);

        long sixtySeconds = TimeUnit.SECONDS.toNanos(60);
        assertThat(state.failedLately(failedAt)).isTrue();
        assertThat(state.failedLately(failedAt + sixtySeconds - 1)).isTrue();
        assertThat(state.failedLately(failedAt + sixtySeconds)).isFalse();
    }

    @Test
    void succeeded_afterFailure_clearsIt() {
        ServerState state = state("192.0.2.1");
        state.failed(0);

        state.succeeded();

        assertThat(state.failedLately(1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5, Long.MIN_VALUE + 5, -1})
    void isWithoutUdp_for10Minutes_whereverNanoTimeStands(long since) {
        ServerState state = state("192.0.2.1");
        assertThat(state.isWithoutUdp(since)).isFalse();

        state.withoutUdp(since);

        long tenMinutes = TimeUnit.MINUTES.toNanos(10);
        assertThat(state.isWithoutUdp(since)).isTrue();
        assertThat(state.isWithoutUdp(since + tenMinutes - 1)).isTrue();
        assertThat(state.isWithoutUdp(since + tenMinutes)).isFalse();
        assertThat(state.failedLately(since)).isFalse();
    }

    @Test
    void firstWarningOfUdp_isOne() {
        ServerState state = state("192.0.2.1");
        assertThat(state.firstWarning()).isTrue();

        assertThat(state.firstWarningOfUdp()).isTrue();
        assertThat(state.firstWarningOfUdp()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void addresses_literal_areKnownWithoutALookUp(String literal) throws UnknownHostException {
        ServerState state = state(literal);

        assertThat(state.literal).isTrue();
        assertThat(state.addresses()).containsExactly(InetAddress.getByName(literal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.test", "fe80::1%eth0", "1080.test"})
    void addresses_nameOrZone_areNotKnownBeforeALookUp(String host) {
        // a zone must be looked up among the interfaces: without it a link-local address reaches nobody
        ServerState state = state(host);

        assertThat(state.literal).isFalse();
        assertThat(state.addresses()).isNull();
    }

    @Test
    void lookUp_failsAfterSuccess_keepsWhatWasKnown() throws UnknownHostException {
        ServerState state = state("proxy.test");
        InetAddress[] known = {InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7})};
        state.lookUp(ForwardNames.of(host -> known));
        assertThat(state.addresses()).containsExactly(known);
        assertThat(state.unknown()).isNull();

        state.lookUp(ForwardNames.of(host -> {
            throw new UnknownHostException(host);
        }));
        assertThat(state.addresses()).containsExactly(known);
        assertThat(state.unknown()).hasMessage("proxy.test");

        state.lookUp(ForwardNames.of(host -> known));
        assertThat(state.unknown()).isNull();
    }

    @Test
    void authentications_withCredentials_offerNoneFirst() {
        ServerState state = new ServerState(new Server("192.0.2.1", 1080, true, new Credentials("bob", "hunter2")));

        assertThat(state.authentications).hasSize(2);
        assertThat(state.authentications.get(0)).isSameAs(Authentication.NONE);
        assertThat(state.authentications.get(1)).isInstanceOf(UserPassword.class);
        assertThat(state("192.0.2.1").authentications).containsExactly(Authentication.NONE);
    }
}
