// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static dev.argyle.it.Difference.instead;
import static dev.argyle.it.Difference.maySay;
import static dev.argyle.it.Difference.says;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the contract's cases have another outcome where their sockets are routed, by way in, and which are not routed. */
final class ContractDifferences {
    static final String OWN_ADDRESS = "EADDRNOTAVAIL, the local address and target of another socket";
    static final String UNREACHABLE = "unreachable target, a network's broadcast address";

    private static final String UNKNOWN_NAME = "java.net.UnknownHostException: no-such-host.invalid";
    private static final String DATAGRAM = "new Socket(host, port, false)";

    /** An unresolved address goes to the server as a name. */
    private static final Map<String, Difference> NAMES = Map.of(
            "unknown name in the constructor",
            instead(UNKNOWN_NAME, "java.net.NoRouteToHostException: ..unreachable.."),
            "unresolved address of an unknown name",
            instead(UNKNOWN_NAME, "java.net.NoRouteToHostException: ..unreachable.."));

    /** Where the target's name is routed. */
    private static final Map<String, Difference> ROUTED_NAMES = Map.of(
            "unresolved address of the target", says("UnknownHostException", "connect=done; flags bound connected"));

    /** Look-ups are left to the server. */
    private static final Map<String, Difference> LOOK_UPS =
            Map.of("unknown name by InetAddress.getByName", says("UnknownHostException", "no-such-host.invalid/198.1"));

    private static final Map<String, Difference> LOOK_UPS_OF_IPV6 = Map.of(
            "unknown name by InetAddress.getByName",
            says("UnknownHostException", "no-such-host.invalid/100:0"),
            "name by InetAddress.getByName",
            instead("class=Inet4Address", "class=Inet6Address"));

    /** The scripted server connects from loopback, so that the kernel's reason is another there. */
    private static final Map<String, Difference> OF_THE_SERVER =
            Map.of(UNREACHABLE, says("..unreachable..", "general server failure"));

    /** It is the server that cannot be reached from there, and is named. */
    private static final Map<String, Difference> FROM_OWN_ADDRESS =
            Map.of(OWN_ADDRESS, says("BindException", "java.net.BindException: No SOCKS server can be reached: "));

    /** The JDK's own client says so of any server that it cannot connect to. */
    private static final Map<String, Difference> FROM_OWN_ADDRESS_BY_THE_JDK =
            Map.of(OWN_ADDRESS, says("BindException", "Cannot assign requested address"));

    /** What no relay of RFC 1928's CONNECT carries. */
    private static final Map<String, Difference> OF_RELAYS = Map.of(
            "urgent data seen inline by the peer",
            instead("peer=a!b", "peer=ab"),
            "urgent data received",
            instead("inline=a!b", "inline=ab"));

    /** On releases where such a Socket is possible still; the plug-in point of datagrams does not reach it. */
    private static final Map<String, Difference> DATAGRAMS =
            Map.of(DATAGRAM, says("received=datagram", "Refused by the guard: UDP of new Socket"));

    /** A SocketImpl in the place of the JDK's, which alone asks the ProxySelector for socket: URIs. */
    private static final Map<String, Difference> NO_SELECTOR = Map.of(
            "own ProxySelector is asked",
            instead("; asked=socket://127.0.0.2:<echo>", ""),
            "own ProxySelector that names an HTTP proxy",
            instead("; asked=socket://127.0.0.2:<echo>", ""),
            "own ProxySelector that fails",
            says("Failed to select a proxy", "connect=done; flags bound connected"),
            "own SOCKS server by the ProxySelector",
            instead("asked=true", "asked=false"));

    /** The JDK takes one factory, once. */
    private static final Map<String, Difference> ONE_FACTORY =
            Map.of("own SocketImplFactory", says("calls=", "SocketException: factory already defined"));

    /** These sockets have a SocketImpl that is not the JDK's, over a socket of the platform's. */
    private static final Map<String, Difference> OWN_IMPL = Map.of(
            "implAccept(new Socket())",
            says("flags bound connected", "cannot accept a connection with an instance of class dev.argyle"),
            "implAccept into a connected socket",
            says("accept=accepted", "cannot accept a connection with an instance of class dev.argyle"),
            // the program has replaced the platform's sockets by its own, which are no way to any server
            "own SocketImplFactory",
            says("calls=", "SOCKS server unusable"));

    /** A proxy that the program names itself: the JDK's client for it connects by a socket of the platform's. */
    private static final Set<String> PROXY_BY_THE_CONSTRUCTOR =
            Set.of("own SOCKS server by the constructor", "own SOCKS server that does not answer");

    private static final Set<String> HTTP = Set.of(
            "HTTP GET",
            "HTTP GET by name",
            "HTTP GET with NO_PROXY",
            "HTTP POST",
            "HTTP keep-alive",
            "HTTP not found",
            "HTTP refused",
            "HTTP connect timeout",
            "HTTP read timeout");

    private static final Set<String> SELECTOR_OF_ITS_OWN = Set.of(
            "own ProxySelector is asked",
            "own ProxySelector that names an HTTP proxy",
            "own ProxySelector that fails",
            "own SOCKS server by the ProxySelector",
            "no ProxySelector");

    /** Sockets that do not come from the program's factory. */
    private static final Set<String> NOT_BY_THE_FACTORY = Set.of(
            "new Socket(host, port, true)",
            DATAGRAM,
            "new Socket(NO_PROXY)",
            "a subclass of Socket",
            "SocketFactory.getDefault()",
            "HTTP proxy by the constructor",
            "HTTPS GET",
            "TLS createSocket(host, port)",
            "TLS createSocket() and connect",
            "TLS createSocket() after close",
            "TLS server over an accepted socket",
            "TLS half close",
            "TLS large exchange",
            "TLS refused",
            "TLS connect timeout",
            "TLS handshake with a silent target",
            "TLS with a certificate that is not trusted",
            // by its last connection
            "TLS host name verified",
            "SSLServerSocket accept");

    private ContractDifferences() {}

    /** The differences of runs in which the targets are routed, too. */
    static Map<String, Difference> routed(Way way) {
        return switch (way) {
            case HOOKS -> union(NAMES, ROUTED_NAMES, LOOK_UPS, OF_THE_SERVER, FROM_OWN_ADDRESS, OF_RELAYS);
            case FACTORIES, LIBRARY, LIBRARY_MODULE ->
                union(
                        NAMES,
                        ROUTED_NAMES,
                        OF_THE_SERVER,
                        FROM_OWN_ADDRESS,
                        OF_RELAYS,
                        DATAGRAMS,
                        NO_SELECTOR,
                        ONE_FACTORY);
            case SOCKET_FACTORY ->
                union(NAMES, ROUTED_NAMES, OF_THE_SERVER, FROM_OWN_ADDRESS, OF_RELAYS, NO_SELECTOR, OWN_IMPL);
            case SELECTOR -> union(FROM_OWN_ADDRESS_BY_THE_JDK, OF_RELAYS, ofTheJdksClient());
        };
    }

    /** The differences of runs with the agent's hooks whose stand-ins are of IPv6 alone. */
    static Map<String, Difference> routedWithStandInsOfIPv6() {
        return union(routed(Way.HOOKS), LOOK_UPS_OF_IPV6);
    }

    /** The differences of runs in which the targets, that is all of loopback, go direct. */
    static Map<String, Difference> unrouted(Way way) {
        return switch (way) {
            case HOOKS -> union(NAMES, LOOK_UPS, OF_THE_SERVER);
            case FACTORIES, LIBRARY, LIBRARY_MODULE -> union(NAMES, OF_THE_SERVER, NO_SELECTOR, ONE_FACTORY);
            case SOCKET_FACTORY, SELECTOR -> throw new IllegalArgumentException("not run: " + way);
        };
    }

    /** The cases that the way does not reach: they have connections that go direct, and are as plain. */
    static Set<String> outOfReach(Way way) {
        return switch (way) {
            case HOOKS -> Set.of();
            case FACTORIES, LIBRARY, LIBRARY_MODULE -> PROXY_BY_THE_CONSTRUCTOR;
            case SOCKET_FACTORY -> union(PROXY_BY_THE_CONSTRUCTOR, HTTP, NOT_BY_THE_FACTORY);
            case SELECTOR ->
                union(
                        PROXY_BY_THE_CONSTRUCTOR,
                        HTTP,
                        SELECTOR_OF_ITS_OWN,
                        Set.of("new Socket(NO_PROXY)", "HTTP proxy by the constructor"));
        };
    }

    /** What the JDK's own SOCKS client, java.net.SocksSocketImpl, does otherwise than a socket without it. */
    private static Map<String, Difference> ofTheJdksClient() {
        Map<String, Difference> all = new HashMap<>();
        // each reply of a server but success is a SocketException
        for (String refused : List.of(
                "state after a refused connect",
                "constructor to a refused port",
                "a subclass of Socket",
                "SocketFactory.getDefault()",
                "port 0",
                "name of a refused port",
                "options after a refused connect",
                "connect after a refused connect",
                "connect refused",
                "connect refused after bind",
                "virtual thread's refused connect",
                "connect to a closed server socket",
                "TLS refused")) {
            all.put(refused, instead("java.net.ConnectException: ..refused", "java.net.SocketException: ..refused"));
        }
        all.put(UNREACHABLE, says("..unreachable..", "SOCKS server general failure"));
        for (String unknown : NAMES.keySet()) {
            all.put(unknown, instead(UNKNOWN_NAME, "java.net.SocketException: ..unreachable.."));
        }
        // as names, literals too
        for (String unresolved : List.of("unresolved address of the target", "unresolved address of a literal")) {
            all.put(unresolved, says("UnknownHostException", "connect=done; flags bound connected"));
        }
        // a datagram to the server's port
        all.put(DATAGRAM, says("received=datagram", "SocketException: ..refused.."));
        // the server is asked for the wildcard address, which it takes as it likes
        all.put("wildcard target 0.0.0.0", says("Socket[addr=", "Socket[addr=/0.0.0.0,"));
        all.put("wildcard target ::", says("Socket[addr=", "Socket[addr=/0:0:0:0:0:0:0:0,"));
        all.put("wildcard target without an address", says("Socket[addr=", "Socket[addr=0.0.0.0/0.0.0.0,"));
        all.put(
                "wildcard target, the listener at this machine's address",
                says("Socket[addr=", "Socket[addr=/0.0.0.0,"));
        // the server's connection counts, which a timeout does not undo on each release
        all.put(
                "connect after a connect timeout",
                maySay("again=", "again=java.net.SocketException: Already connected"));
        all.put("connect while another thread connects", maySay("second=", "SocketException: Already connected"));
        all.put("refused and timed out connects leave no descriptor", maySay("none left", " left"));
        // whatever ends the way to the server
        all.put("connect timeout of one millisecond", maySay("timed out", "Can't connect to SOCKS proxy:"));
        all.put("close races connect", maySay("wrong=0", "wrong="));
        all.put("close races the end of connect", maySay("wrong=0", "wrong="));
        // what the interrupt left is the client's exception, which Socket knows up to Java 23 alone
        for (String interrupted : List.of(
                "virtual thread interrupted while connecting",
                "virtual thread interrupted while connecting with a timeout")) {
            all.put(interrupted, maySay("Closed by interrupt", "java.io.InterruptedIOException interrupted=true"));
        }
        all.put(
                "virtual thread interrupted before connect",
                says("Closed by interrupt", "Can't connect to SOCKS proxy:"));
        return all;
    }

    /** All of several. */
    @SafeVarargs
    static Map<String, Difference> union(Map<String, Difference>... parts) {
        Map<String, Difference> all = new HashMap<>();
        for (Map<String, Difference> part : parts) {
            all.putAll(part);
        }
        return all;
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... parts) {
        Set<String> all = new HashSet<>();
        for (Set<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
