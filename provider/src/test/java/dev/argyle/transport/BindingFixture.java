// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static dev.argyle.transport.AnsweringServer.LISTENS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/** Sockets that listen at servers, and what is told here when somebody has connected there. */
abstract class BindingFixture extends ServerFixture {
    AnsweringServer listening() throws IOException {
        return server(() -> LISTENS);
    }

    /** A socket's, which asks for an address and a port; null: it listens here. */
    @Nullable
    Binding listen(Connector connector, String asked, int port, SelectorProvider provider) throws IOException {
        Binding binding = connector.listening().listen(address(asked), port, provider, true);
        if (binding != null) {
            closed(binding::close);
        }
        return binding;
    }

    /** This machine's socket, which is told. */
    ServerSocket told(Binding binding) throws IOException {
        ServerSocket told = closed(new ServerSocket(0, 50, address("127.0.0.1")));
        binding.tellAt((InetSocketAddress) told.getLocalSocketAddress());
        return told;
    }

    /** Once, as the hook does that accepts. */
    static Binding.@Nullable Accepted take(ServerSocket told, Binding binding) throws IOException {
        try (Socket teller = told.accept()) {
            return binding.take((InetSocketAddress) teller.getRemoteSocketAddress());
        }
    }

    Binding.Accepted accept(ServerSocket told, Binding binding) throws IOException {
        binding.begin();
        Binding.Accepted accepted = take(told, binding);
        assertThat(accepted).isNotNull();
        closed(accepted.channel());
        return accepted;
    }
}
