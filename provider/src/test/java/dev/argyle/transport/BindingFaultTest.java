// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.AnsweringServer.LISTENS;
import static dev.argyle.transport.AnsweringServer.PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A socket that listens at a server, where this machine has not what that takes. */
class BindingFaultTest extends BindingFixture {
    private Binding through(SelectorProvider provider, AnsweringServer server) throws Exception {
        Binding binding = listen(connector("proxy=" + server.url() + ",bind=*"), "0.0.0.0", 0, provider);
        assertThat(binding).isNotNull();
        return binding;
    }

    /** The JDK's, which fails where a test says so. */
    private static class Failing extends SelectorProvider {
        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return provider().openDatagramChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return provider().openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return provider().openPipe();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            return provider().openSelector();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return provider().openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return provider().openSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
            return provider().openSocketChannel(family);
        }
    }

    @Test
    void bound_noDescriptorForTheDaemon_fails() throws Exception {
        Binding binding = through(
                new Failing() {
                    @Override
                    public AbstractSelector openSelector() throws IOException {
                        throw new IOException("Too many open files");
                    }
                },
                listening());

        assertThatThrownBy(binding::bound).isInstanceOf(IOException.class).hasMessage("Too many open files");
        binding.close();
        assertThatThrownBy(binding::bound).hasMessage("Socket closed");
    }

    @Test
    void bound_fault_isToldToWhoWaits() throws Exception {
        Binding binding = through(
                new Failing() {
                    @Override
                    public SocketChannel openSocketChannel() {
                        throw new AssertionError("a fault");
                    }
                },
                listening());

        assertThatThrownBy(binding::bound)
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Argyle has failed: java.lang.AssertionError: a fault");
    }

    @Test
    void tell_fault_isTriedAgain() throws Exception {
        AnsweringServer server = server(() -> LISTENS + PEER);
        CountDownLatch faults = new CountDownLatch(2);
        Binding binding = through(
                new Failing() {
                    @Override
                    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
                        if (faults.getCount() > 0) {
                            faults.countDown();
                            throw new OutOfMemoryError("a fault");
                        }
                        return super.openSocketChannel(family);
                    }
                },
                server);
        binding.bound();

        assertThat(accept(told(binding), binding).peer()).isEqualTo(at("198.51.100.5", 4711));
        assertThat(faults.getCount()).isZero();
    }
}
