// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.server.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/** Speaks QUIC and sends back what it gets. */
final class QuicEcho implements DatagramService {
    private static final int MAX_STREAMS = 10;
    private static final int IDLE_SECONDS = 30;
    private static final int BUFFER_OCTETS = 100_000;

    private final RecordingSocket socket;
    private final ServerConnector server;

    private QuicEcho(InetAddress at, TlsFiles tls) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(tls.keyStore())) {
            keys.load(in, tls.password().toCharArray());
        }
        socket = new RecordingSocket(at);
        server = ServerConnector.builder()
                .withPort(socket.getLocalPort())
                .withSocket(socket)
                .withKeyStore(keys, keys.aliases().nextElement(), tls.password().toCharArray())
                .withConfiguration(ServerConnectionConfig.builder()
                        .maxIdleTimeoutInSeconds(IDLE_SECONDS)
                        .maxOpenPeerInitiatedBidirectionalStreams(MAX_STREAMS)
                        .maxConnectionBufferSize(BUFFER_OCTETS)
                        .maxBidirectionalStreamBufferSize(BUFFER_OCTETS)
                        .build())
                .withLogger(new NullLogger())
                .build();
    }

    /** Serves with the certificate of the files. */
    static QuicEcho start(InetAddress at, TlsFiles tls) throws Exception {
        QuicEcho echo = new QuicEcho(at, tls);
        echo.server.registerApplicationProtocol("echo", new Echoing());
        echo.server.start();
        return echo;
    }

    @Override
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public List<InetSocketAddress> visitors() {
        return List.copyOf(socket.senders);
    }

    @Override
    public void close() {
        server.close();
    }

    /** The server tells nobody where a datagram came from. */
    private static final class RecordingSocket extends DatagramSocket {
        private final List<InetSocketAddress> senders = new CopyOnWriteArrayList<>();

        RecordingSocket(InetAddress at) throws SocketException {
            super(0, at);
        }

        @Override
        public void receive(DatagramPacket packet) throws IOException {
            super.receive(packet);
            senders.add((InetSocketAddress) packet.getSocketAddress());
        }
    }

    private static final class Echoing implements ApplicationProtocolConnectionFactory {
        @Override
        public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
            return new ApplicationProtocolConnection() {
                @Override
                public void acceptPeerInitiatedStream(QuicStream stream) {
                    new Thread(() -> echo(stream), "quic echo").start();
                }
            };
        }

        private static void echo(QuicStream stream) {
            try (OutputStream out = stream.getOutputStream()) {
                stream.getInputStream().transferTo(out);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
