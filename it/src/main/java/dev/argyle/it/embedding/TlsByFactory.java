// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Layers TLS over a socket of the factory's, and sends an octet to a server that sends it back.
 *
 * <p>Arguments: {@code host port}. Prints {@code <octet> from <peer's address>}, or the exception.
 */
public final class TlsByFactory {
    private static final int OCTET = 42;

    private TlsByFactory() {}

    /** Sends and receives. */
    public static void main(String[] args) {
        int port = Integer.parseInt(args[1]);
        SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (Socket socket = new Socks5SocketFactory().createSocket(args[0], port);
                SSLSocket secure = (SSLSocket) tls.createSocket(socket, args[0], port, true)) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.getOutputStream().write(OCTET);
            int octet = secure.getInputStream().read();
            System.out.println(octet + " from " + secure.getInetAddress().getHostName());
            secure.close();
            System.out.println("closed " + socket.isClosed());
        } catch (IOException e) {
            System.out.println(e);
        }
    }
}
