// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.agents.SettingADatagramFactory;
import dev.argyle.it.app.ConnectOnce;
import dev.argyle.it.app.DatagramSteps;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's plug-in point for datagrams, installed by a program that has the library and by the agent. */
class DatagramFactoryIT {
    private static final String FAR = "127.0.0.2";
    private static final String NO_SERVER = "127.0.0.1:1";

    /**
     * What the JDK's own class between DatagramSocket and the factory's sockets has its own words for, or its own opinion: an
     * outcome of the platform's sockets, and what comes in its place.
     */
    private static final Map<String, String> OF_THE_JDK = Map.of(
            "errors bind twice: java.net.SocketException: Already bound",
                    "errors bind twice: java.net.SocketException: already bound",
            "closed send: java.net.SocketException: Socket closed",
                    "closed send: java.net.SocketException: Socket is closed",
            "closed option: java.nio.channels.ClosedChannelException",
                    "closed option: java.net.SocketException: Socket is closed");

    private static List<String> asTheJdkHasIt(List<String> plain) {
        List<String> lines = new ArrayList<>();
        for (String line : plain) {
            lines.add(OF_THE_JDK
                    .getOrDefault(line, line)
                    // the address of none in particular is that of IPv4
                    .replace(" /0:0:0:0:0:0:0:0 ", " 0.0.0.0/0.0.0.0 "));
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource(names = {"FACTORIES", "LIBRARY"})
    void direct_eachStepIsAsPlain(Way way) throws Exception {
        JvmResult plain = Jvm.of(DatagramSteps.class).arguments(FAR).run();
        JvmResult direct = way.jvm(DatagramSteps.class, NO_SERVER, "0.0.0.0/0")
                .arguments(FAR)
                .run();

        assertThat(plain.exitCode()).as(plain.toString()).isZero();
        assertThat(direct.lines()).as(direct.toString()).isEqualTo(asTheJdkHasIt(plain.lines()));
    }

    @Test
    void factory_ofAnAgentBefore_endsTheJvm(@TempDir Path folder) throws Exception {
        JvmResult result = Jvm.of(ConnectOnce.class)
                .options("-javaagent:" + AgentJar.of(SettingADatagramFactory.class, folder))
                .agent("proxy=" + NO_SERVER + ",hooks=factories")
                .arguments(FAR, 9)
                .run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("[argyle] A DatagramSocketImplFactory is set already, "
                        + SettingADatagramFactory.class.getName()
                        + ", and the JDK takes one only: datagrams cannot be routed beside it.")
                .doesNotContain("\tat ");
    }

    @Test
    void factory_ofSomeoneElse_isNamedAndNothingIsInstalled(@TempDir Path folder) throws Exception {
        JvmResult result = Way.LIBRARY
                .jvm(ConnectOnce.class, NO_SERVER, "none")
                .options("-javaagent:" + AgentJar.of(SettingADatagramFactory.class, folder))
                .arguments(FAR, 9)
                .run();

        assertThat(result.out())
                .startsWith("java.lang.IllegalStateException: A DatagramSocketImplFactory is set already, "
                        + SettingADatagramFactory.class.getName());
    }
}
