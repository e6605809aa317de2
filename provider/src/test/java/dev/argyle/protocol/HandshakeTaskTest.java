// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import static dev.argyle.protocol.Wire.octets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A method that has work to be done elsewhere. */
class HandshakeTaskTest {
    private static final Address TARGET = Address.ip(octets("7F 00 00 01"), 80);

    @Test
    void task_beforeEachMessage_isAskedForAndRun() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        assertThat(handshake.state()).isEqualTo(new State.NeedTask());
        assertThat(handshake.needed()).isZero();
        assertThat(handshake.output().hasRemaining()).isFalse();

        handshake.task().run();
        assertThat(handshake.state()).isEqualTo(new State.Authenticating());
        assertThat(Wire.sent(handshake)).isEqualTo(octets("01 AA"));
        assertThat(handshake.needed()).isEqualTo(3);
        handshake.input(ByteBuffer.wrap(octets("01 02 03")));

        assertThat(handshake.state()).isEqualTo(new State.NeedTask());
        handshake.task().run();
        assertThat(Wire.sent(handshake)).isEqualTo(octets("01 BB"));
        assertThat(handshake.needed()).isEqualTo(1);
        handshake.input(ByteBuffer.wrap(octets("02")));
        assertThat(handshake.needed()).isEqualTo(2);
        handshake.input(ByteBuffer.wrap(octets("0A 0B")));

        assertThat(handshake.state()).isEqualTo(new State.Requested());
        assertThat(Wire.sent(handshake)).isEqualTo(octets("05 01 00 01 7F 00 00 01 00 50"));
    }

    @Test
    void task_runByAnotherThread_handsTheHandshakeBack() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Thread caller = Thread.currentThread();
            Thread[] worker = new Thread[1];
            Handshake handshake = chosen(new ScriptedAuthentication(0x80, () -> worker[0] = Thread.currentThread()));

            executor.submit(handshake.task()).get(30, TimeUnit.SECONDS);

            assertThat(worker[0]).isNotNull().isNotSameAs(caller);
            assertThat(Wire.sent(handshake)).isEqualTo(octets("01 AA"));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void input_whileATaskIsDue_takesNothing() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        ByteBuffer early = ByteBuffer.wrap(octets("01 02 03"));

        handshake.input(early);

        assertThat(early.position()).isZero();
        assertThat(handshake.state()).isEqualTo(new State.NeedTask());
    }

    @Test
    void task_runTwice_isRefused() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        Runnable task = handshake.task();
        task.run();

        assertThatIllegalStateException().isThrownBy(task::run);
        assertThatIllegalStateException().isThrownBy(handshake::task);
        assertThat(Wire.sent(handshake)).isEqualTo(octets("01 AA"));
    }

    @Test
    void task_runWhenTheNextIsDue_isRefused() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        Runnable first = handshake.task();
        first.run();
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("01 02 03")));

        assertThatIllegalStateException().isThrownBy(first::run);
        assertThat(handshake.state()).isEqualTo(new State.NeedTask());
    }

    @Test
    void task_failsWithAnError_isNotRunAgain() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80, () -> {
            throw new LinkageError("provider");
        }));
        Runnable task = handshake.task();

        assertThatExceptionOfType(LinkageError.class).isThrownBy(task::run);

        assertThatIllegalStateException().isThrownBy(task::run);
        assertThatIllegalStateException().isThrownBy(handshake::task);
    }

    @Test
    void end_whileALaterTaskIsDue_countsNothing() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        handshake.task().run();
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("01 02 03")));

        assertThat(HandshakeEndTest.endOf(handshake)).hasMessageContaining("during authentication (method 0x80)");
    }

    @Test
    void task_failsWithAnIOException_failsTheHandshake() throws SocksException {
        IOException cause = new IOException("no key distribution center; ticket=hidden");
        Handshake handshake = chosen(ScriptedAuthentication.failing(cause));

        handshake.task().run();

        SocksException failure = ((State.Failed) handshake.state()).failure();
        assertThat(failure.kind()).isEqualTo(SocksException.Kind.AUTHENTICATION_FAILED);
        assertThat(failure.stage()).isEqualTo(Stage.AUTHENTICATION);
        assertThat(failure).hasCause(cause).hasMessageContaining("method 0x80").hasMessageNotContaining("hidden");
    }

    @Test
    void task_failsWithARuntimeException_failsTheHandshake() throws SocksException {
        RuntimeException cause = new IllegalStateException("provider");
        Handshake handshake = chosen(new ScriptedAuthentication(0x80, () -> {
            throw cause;
        }));

        handshake.task().run();

        assertThat(((State.Failed) handshake.state()).failure()).hasCause(cause);
    }

    @Test
    void task_failsWithASocksException_keepsIt() throws SocksException {
        SocksException thrown =
                new SocksException(SocksException.Kind.MALFORMED, Stage.AUTHENTICATION, -1, "a token that is none");
        Handshake handshake = chosen(ScriptedAuthentication.failing(thrown));

        handshake.task().run();

        assertThat(handshake.state()).isEqualTo(new State.Failed(thrown));
    }

    @Test
    void exchange_refusesByItsInput_failsTheHandshake() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        handshake.task().run();

        assertThat(Wire.failure(handshake, octets("01 FF")).code()).isEqualTo(0xFF);
    }

    @Test
    void exchange_leavesOctetsItAskedFor_isRefusedAndNotRepeated() throws SocksException {
        Handshake handshake = chosen(new Lazy());

        assertThatIllegalStateException()
                .isThrownBy(() -> handshake.input(ByteBuffer.wrap(octets("01"))))
                .withMessageStartingWith("method 0x80 left octets");
    }

    /** Asks for an octet and does not take it. */
    private static final class Lazy implements Authentication, Authentication.Exchange {
        @Override
        public int method() {
            return 0x80;
        }

        @Override
        public String name() {
            return "lazy";
        }

        @Override
        public boolean knownInAdvance() {
            return false;
        }

        @Override
        public Exchange begin() {
            return this;
        }

        @Override
        public ByteBuffer output() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public boolean done() {
            return false;
        }

        @Override
        public int needed() {
            return 1;
        }

        @Override
        public void input(ByteBuffer source) {}
    }

    @Test
    void end_withinALaterMessage_countsThatMessageOnly() throws SocksException {
        Handshake handshake = chosen(new ScriptedAuthentication(0x80));
        handshake.task().run();
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("01 02 03")));
        handshake.task().run();
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("09 01")));

        assertThat(HandshakeEndTest.endOf(handshake)).hasMessageContaining("2 of 10 octets came");
    }

    private static Handshake chosen(Authentication authentication) throws SocksException {
        Handshake handshake = Handshake.connect(TARGET, List.of(Authentication.NONE, authentication));
        Wire.sent(handshake);
        handshake.input(ByteBuffer.wrap(octets("05 80")));
        assertThat(handshake.method()).isEqualTo(0x80);
        return handshake;
    }
}
