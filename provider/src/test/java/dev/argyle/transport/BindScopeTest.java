// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BindScopeTest {
    private static final InetSocketAddress OUTER = InetSocketAddress.createUnresolved("outer", 21);
    private static final InetSocketAddress INNER = InetSocketAddress.createUnresolved("inner", 0);

    @AfterEach
    void leave() {
        BindScope.set(null);
    }

    @Test
    void set_withinAnother_returnsTheFormer() {
        assertThat(BindScope.get()).isNull();
        assertThat(BindScope.set(OUTER)).isNull();
        assertThat(BindScope.set(INNER)).isSameAs(OUTER);
        assertThat(BindScope.get()).isSameAs(INNER);
        assertThat(BindScope.set(OUTER)).isSameAs(INNER);
        assertThat(BindScope.set(null)).isSameAs(OUTER);
        assertThat(BindScope.get()).isNull();
    }

    @Test
    void set_byOneThread_isNoOthers() throws Exception {
        BindScope.set(OUTER);
        FutureTask<Boolean> other = new FutureTask<>(() -> BindScope.get() == null && BindScope.set(INNER) == null);
        Thread thread = new Thread(other);
        thread.start();

        assertThat(other.get()).isTrue();
        thread.join();
        assertThat(BindScope.get()).isSameAs(OUTER);
    }
}
