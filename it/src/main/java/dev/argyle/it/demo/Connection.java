// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

/**
 * A connection that the program is to open, or a query that it is to send, and what all sides must see if that goes
 * through the server.
 *
 * @param kind how the program does it
 * @param written the target as the program writes it
 * @param request what the server must be asked for
 * @param service the port at which the target really listens
 * @param answer what the program must get
 */
record Connection(Kind kind, String written, Request request, int service, String answer) {
    private static final String WEB = "http://";
    private static final int HTTP_PORT = 80;
    private static final int DNS_PORT = 53;

    /** The name that is asked for, which means nothing to the server. */
    static final String QUESTION = "www.inside.example";

    /** Of a block that RFC 5737 sets aside for documentation. */
    static final String ADDRESS = "192.0.2.80";

    /** How the program does it: an HttpURLConnection, an HttpClient, an SSLSocket, a Socket, a Bootstrap, by UDP with JNDI. */
    enum Kind {
        HTTP("HTTP", "http"),
        HTTP_CLIENT("HttpClient", "httpclient"),
        TLS("TLS", "tls"),
        TCP("TCP", "tcp"),
        NETTY("Netty", "netty"),
        DNS("DNS", "dns");

        private final String label;
        private final String scheme;

        Kind(String label, String scheme) {
            this.label = label;
            this.scheme = scheme;
        }

        /** The name in a table. */
        String label() {
            return label;
        }
    }

    /** A page of a web server, got by an HttpURLConnection. */
    static Connection http(String host, int service) {
        return page(Kind.HTTP, host, service);
    }

    /** A page of a web server, got by an HttpClient. */
    static Connection httpClient(String host, int service) {
        return page(Kind.HTTP_CLIENT, host, service);
    }

    private static Connection page(Kind kind, String host, int service) {
        return new Connection(kind, WEB + host + "/", Request.connect(host, HTTP_PORT), service, "200 GET /");
    }

    /** A service behind TLS that sends back what it gets. */
    static Connection tls(String host, int port, int service) {
        return echo(Kind.TLS, host, port, service);
    }

    /** A service that sends back what it gets, by a Socket. */
    static Connection tcp(String host, int port, int service) {
        return echo(Kind.TCP, host, port, service);
    }

    /** A service that sends back what it gets, by Netty. */
    static Connection netty(String host, int port, int service) {
        return echo(Kind.NETTY, host, port, service);
    }

    /** A DNS server, asked by UDP. */
    static Connection dns(String host, int service) {
        return new Connection(
                Kind.DNS, host + ":" + DNS_PORT, Request.datagram(host, DNS_PORT), service, QUESTION + " " + ADDRESS);
    }

    private static Connection echo(Kind kind, String host, int port, int service) {
        return new Connection(kind, host + ":" + port, Request.connect(host, port), service, "hello, " + host);
    }

    /** As the program takes it: a web page's {@code http} gives way to who is to get it, and a query has its question. */
    String argument() {
        return kind.scheme + "://" + written.substring(written.startsWith(WEB) ? WEB.length() : 0)
                + (kind == Kind.DNS ? "/" + QUESTION : "");
    }
}
