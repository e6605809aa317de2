// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.SelectorBesideAStep;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmProcess;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Fault;
import dev.argyle.it.server.Gate;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Step;
import dev.argyle.it.server.Targets;
import org.junit.jupiter.api.Test;

/** A selector and another thread that is in the midst of a step of the same connect. */
class SelectorBesideAStepIT {
    @Test
    void select_whileAnotherThreadIsAtTheConnect_waits() throws Exception {
        Gate gate = new Gate();
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.builder()
                        .faults(new Fault.Hold(Step.GREETING_READ, gate))
                        .start();
                JvmProcess process = Jvm.of(SelectorBesideAStep.class)
                        .agent("proxy=127.0.0.1:" + server.port() + ",bypass=none,connect.timeout=2s,on-failure=direct")
                        .arguments(targets.address().getHostAddress(), targets.echo())
                        .start()) {
            // the thread that sees to deadlines has given up the server, and says that the connect goes direct
            process.awaitOut("held");
            gate.open();
            JvmResult result = process.await();

            assertThat(result.lines()).as(result.toString()).containsExactly("held", "woken", "idle", "connected");
            assertThat(result.err()).contains("written", "connecting directly");
        }
    }
}
