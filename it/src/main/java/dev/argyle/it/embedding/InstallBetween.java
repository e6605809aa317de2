// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.argyle.Argyle;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes server sockets, plain ones, ones that accept into sockets of their own, and TLS ones, before and after it installs
 * the library by the system properties, and has each accept a connection.
 *
 * <p>Arguments: {@code address keystore password}. Prints {@code <when> <kind> <what was sent and came back>} for each.
 */
public final class InstallBetween {
    /** A kind of server socket. */
    private enum Kind {
        PLAIN,
        OWN_SOCKET,
        TLS
    }

    /** Accepts into a socket that it has made itself. */
    private static final class OwnSocketServer extends ServerSocket {
        OwnSocketServer() throws IOException {
            super();
        }

        @Override
        public Socket accept() throws IOException {
            Socket socket = new Socket();
            implAccept(socket);
            return socket;
        }
    }

    private final InetAddress address;
    private final SSLContext tls;

    private InstallBetween(String address, String keyStore, String password)
            throws IOException, GeneralSecurityException {
        this.address = InetAddress.getByName(address);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(keyStore)) {
            store.load(in, password.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    }

    /** Makes them, installs, makes others, and connects to all. */
    public static void main(String[] args) throws Exception {
        InstallBetween program = new InstallBetween(args[0], args[1], args[2]);
        Kind[] kinds = Kind.values();
        ServerSocket[] before = new ServerSocket[kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            before[i] = program.server(kinds[i]);
        }
        Argyle.install();
        for (int i = 0; i < kinds.length; i++) {
            System.out.println("before " + kinds[i] + " " + program.ping(before[i], kinds[i]));
            System.out.println("after " + kinds[i] + " " + program.ping(program.server(kinds[i]), kinds[i]));
        }
    }

    private ServerSocket server(Kind kind) throws IOException {
        ServerSocketFactory factory =
                kind == Kind.TLS ? tls.getServerSocketFactory() : ServerSocketFactory.getDefault();
        ServerSocket server = kind == Kind.OWN_SOCKET ? new OwnSocketServer() : factory.createServerSocket();
        server.setSoTimeout(10_000);
        server.bind(new InetSocketAddress(address, 0));
        return server;
    }

    private String ping(ServerSocket server, Kind kind) throws Exception {
        CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> {
            try (Socket accepted = server.accept()) {
                accepted.getOutputStream().write(accepted.getInputStream().readNBytes(4));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Socket plain = new Socket();
        plain.connect(server.getLocalSocketAddress(), 10_000);
        SSLSocketFactory layer = tls.getSocketFactory();
        try (Socket socket = kind == Kind.TLS
                ? layer.createSocket(plain, address.getHostAddress(), server.getLocalPort(), true)
                : plain) {
            socket.getOutputStream().write("ping".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(4), US_ASCII);
            echo.get();
            return answer;
        }
    }
}
