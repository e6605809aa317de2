// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

/**
 * A connection that the program is to open, and what all sides must see if it goes through the server.
 *
 * @param kind how the program opens it
 * @param written the target as the program writes it
 * @param request what the server must be asked for
 * @param service the port at which the target really listens
 * @param answer what the program must get
 */
record Connection(Kind kind, String written, Request request, int service, String answer) {
    private static final int HTTP_PORT = 80;

    /** How the program opens a connection: an HttpURLConnection, an SSLSocket, a Socket. */
    enum Kind {
        HTTP("http://"),
        TLS("tls://"),
        TCP("tcp://");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }
    }

    /** A page of a web server. */
    static Connection http(String host, int service) {
        return new Connection(
                Kind.HTTP, "http://" + host + "/", Request.connect(host, HTTP_PORT), service, "200 GET /");
    }

    /** A service behind TLS that sends back what it gets. */
    static Connection tls(String host, int port, int service) {
        return new Connection(Kind.TLS, host + ":" + port, Request.connect(host, port), service, "hello, " + host);
    }

    /** A service that sends back what it gets. */
    static Connection tcp(String host, int port, int service) {
        return new Connection(Kind.TCP, host + ":" + port, Request.connect(host, port), service, "hello, " + host);
    }

    /** As the program takes it. */
    String argument() {
        return written.startsWith(kind.scheme) ? written : kind.scheme + written;
    }
}
