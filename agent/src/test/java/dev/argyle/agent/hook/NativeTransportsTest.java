// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.config.GuardMode;
import dev.argyle.config.NativeTransportMode;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeTransportsTest {
    private static final String PROPERTY = "io.netty.transport.noNative";
    private static final String SHADED_PROPERTY = "com.example.netty.transport.noNative";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    @AfterEach
    void clearProperties() {
        System.clearProperty(PROPERTY);
        System.clearProperty(SHADED_PROPERTY);
    }

    private NativeTransports transports(NativeTransportMode mode) {
        return transports(mode, GuardMode.ENFORCE);
    }

    private NativeTransports transports(NativeTransportMode mode, GuardMode guard) {
        PrintStream stream = new PrintStream(written, true, StandardCharsets.UTF_8);
        return new NativeTransports(mode, guard, new Log(LogLevel.WARN, stream));
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "io/netty/channel/epoll/Epoll, io.netty",
        "io/netty/channel/kqueue/KQueue, io.netty",
        "io/netty/channel/uring/IoUring, io.netty",
        "io/netty/incubator/channel/uring/IOUring, io.netty",
        "io/grpc/netty/shaded/io/netty/channel/epoll/Epoll, io.grpc.netty.shaded.io.netty",
        "io/grpc/netty/shaded/io/netty/incubator/channel/uring/IOUring, io.grpc.netty.shaded.io.netty",
        "com/example/netty/channel/kqueue/KQueue, com.example.netty",
    })
    void nettyOf_aClassThatDecides_isItsCopysPackage(String className, String netty) {
        assertThat(NativeTransports.nettyOf(className)).isEqualTo(netty);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "l",
                "e",
                "g",
                "io/netty/channel/epoll/EpollEventLoop",
                "io/netty/channel/epoll/Native",
                "io/netty/channel/epoll/AbstractEpoll",
                "io/netty/channel/epoll/Epoll$1",
                "channel/epoll/Epoll",
                "java/lang/String",
                "com/example/Epoll",
            })
    void nettyOf_anyOtherClass_isNull(String className) {
        assertThat(NativeTransports.nettyOf(className)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "io/netty/channel/epoll/Native, true",
        "io/netty/channel/kqueue/Native, true",
        "io/netty/channel/uring/Native, true",
        "io/netty/incubator/channel/uring/Native, true",
        "io/grpc/netty/shaded/io/netty/channel/epoll/Native, true",
        "io/netty/channel/epoll/Epoll, false",
        "io/netty/channel/epoll/Native$1, false",
        "io/netty/channel/epoll/NativeArrays, false",
        "io/netty/internal/tcnative/Native, false",
        "Native, false",
        "'', false",
    })
    void isNative_isTheClassOfTheNativeMethods(String className, boolean isNative) {
        assertThat(NativeTransports.isNative(className)).isEqualTo(isNative);
    }

    @Test
    void start_ofDisable_setsThePropertyWhateverItWas() {
        System.setProperty(PROPERTY, "false");

        transports(NativeTransportMode.DISABLE).start();

        assertThat(System.getProperty(PROPERTY)).isEqualTo("true");
    }

    @Test
    void loaded_ofAShadedCopy_setsItsProperty() {
        NativeTransports transports = transports(NativeTransportMode.DISABLE);

        transports.loaded("com/example/netty/channel/epoll/Epoll");

        assertThat(System.getProperty(SHADED_PROPERTY)).isEqualTo("true");
        assertThat(System.getProperty(PROPERTY)).isNull();
        assertThat(written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "DISABLE", mode = EnumSource.Mode.EXCLUDE)
    void loaded_whereNothingIsSwitchedOff_setsNothing(NativeTransportMode mode) {
        NativeTransports transports = transports(mode);

        transports.start();
        transports.loaded("com/example/netty/channel/epoll/Epoll");

        assertThat(System.getProperty(PROPERTY)).isNull();
        assertThat(System.getProperty(SHADED_PROPERTY)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"DISABLE, take its jar off the class path", "WARN, native-transports=disable switches it off"})
    void loaded_ofNativeMethods_warnsOnceForEachTransport(NativeTransportMode mode, String advice) {
        NativeTransports transports = transports(mode);

        transports.loaded("io/netty/channel/epoll/Native");
        transports.loaded("io/netty/channel/epoll/Native");
        transports.loaded("com/example/netty/channel/epoll/Native");

        assertThat(written().lines())
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(line).startsWith("[argyle] WARN: ").contains(advice))
                .satisfiesExactly(
                        first -> assertThat(first).contains(" io.netty.channel.epoll is loaded"),
                        second -> assertThat(second).contains(" com.example.netty.channel.epoll is loaded"));
    }

    @Test
    void loaded_whereAllIsAllowed_saysNothing() {
        transports(NativeTransportMode.ALLOW).loaded("io/netty/channel/epoll/Native");

        assertThat(written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ENFORCE, true", "AUDIT, false", "OFF, false"})
    void isRefused_ofNativeMethodsThatAreToBeSwitchedOff_isForTheGuardToSay(GuardMode guard, boolean refused) {
        NativeTransports transports = transports(NativeTransportMode.DISABLE, guard);

        assertThat(transports.isRefused("io/netty/channel/epoll/Native")).isEqualTo(refused);
        assertThat(transports.isRefused("io/netty/channel/epoll/Native")).isEqualTo(refused);

        switch (guard) {
            case ENFORCE ->
                assertThat(written().lines())
                        .singleElement()
                        .asString()
                        .contains(" io.netty.channel.epoll is kept from loading: ");
            case AUDIT ->
                assertThat(written().lines())
                        .singleElement()
                        .asString()
                        .contains(" io.netty.channel.epoll is loaded: ");
            case OFF -> assertThat(written()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "DISABLE", mode = EnumSource.Mode.EXCLUDE)
    void isRefused_ofNativeMethodsThatAreAllowed_isFalse(NativeTransportMode mode) {
        assertThat(transports(mode).isRefused("io/netty/channel/epoll/Native")).isFalse();
        assertThat(written().isEmpty()).isEqualTo(mode == NativeTransportMode.ALLOW);
    }

    @Test
    void isRefused_ofOtherClasses_isFalse() {
        NativeTransports transports = transports(NativeTransportMode.DISABLE);

        assertThat(transports.isRefused("io/netty/channel/epoll/EpollEventLoop"))
                .isFalse();
        assertThat(transports.isRefused("com/example/netty/channel/epoll/Epoll"))
                .isFalse();
        assertThat(System.getProperty(SHADED_PROPERTY)).isEqualTo("true");
        assertThat(written()).isEmpty();
    }
}
