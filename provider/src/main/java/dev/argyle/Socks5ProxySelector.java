// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import dev.argyle.config.Key;
import dev.argyle.config.OnFailure;
import dev.argyle.config.Origin;
import dev.argyle.config.Settings;
import dev.argyle.net.Installed;
import dev.argyle.net.WithoutSocks;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.transport.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the JDK's own SOCKS client which server to use: {@code ProxySelector.setDefault(new Socks5ProxySelector(...))}
 * and nothing else. <b>It carries less than the other ways in.</b> Carried is each {@code Socket} that asks the default
 * selector, an {@code SSLSocket} too, and so HTTPS through {@code HttpURLConnection} with the JDK's socket factory.
 * Past the servers, and as before, go {@code HttpURLConnection} to {@code http:} and {@code ftp:} (it asks for these,
 * and has the previous selector's answer), {@code java.net.http.HttpClient} and all channels,
 * {@code new Socket(Proxy.NO_PROXY)}, and UDP. Names are looked up on this machine: {@code new Socket("name", port)}
 * does so before anybody is asked, whatever the configuration says, and the server is sent the address. An
 * {@code InetSocketAddress.createUnresolved} goes as a name, also to a {@code socks5://} server.
 *
 * <p>For {@code socket://} the route table decides: servers, or directly where a route says so. The other schemes are
 * left to the previous selector. Where an engine of Argyle's routes the sockets of this JVM (the agent, or
 * {@code Argyle.install}), nothing is proxied twice: {@code socket://} is answered with {@code NO_PROXY}, which goes
 * through that engine, by its configuration alone, and a SOCKS proxy is left out of the previous selector's answers.
 *
 * <p>The rest is the JDK's client, {@code java.net.SocksSocketImpl} of Java 17 to 27:
 *
 * <ul>
 *   <li>It has no credentials but those of the JVM-wide {@code java.net.Authenticator}. A configuration with
 *       credentials is refused. Without them it offers user name and password all the same; to a server that chooses
 *       these it sends what the Authenticator says or, where there is none, the operating system's user name. The same
 *       name goes to a server that does not answer as a SOCKSv5 server, since SOCKS4 is tried there.
 *   <li>It has no time limits but the application's own connect timeout, and never goes direct where a server fails.
 *       {@code connect.timeout}, {@code handshake.timeout} and {@code on-failure=direct} are refused where they are
 *       given; the defaults of the first two do not hold.
 *   <li>It does not go on to the next server: the first that cannot be reached fails the connect (a server whose name
 *       is unknown does not), mostly with the words "Can't connect to SOCKS proxy:Socket closed". That server is then
 *       the last for 60 seconds, so that the <em>next</em> connect begins with another. It does not tell of a server
 *       that can be reached and fails after that, nor of a success, so that only time makes a server one of the first
 *       again.
 * </ul>
 *
 * <p>Safe for use by any thread.
 */
public final class Socks5ProxySelector extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);
    private static final String WAYS_OUT = "or use Socks5SocketFactory, Argyle.install or the agent";

    /**
     * A server as the JDK is told of it, by an address that is not looked up: the JDK's client looks the text up
     * itself, at each connect, and so does HttpURLConnection. There are two equal objects, since the client gives back
     * the very address that it got: so it can be told whether the server was the first of an answer.
     */
    private record Listed(Server server, Proxy first, Proxy later) {
        Listed(Server server) {
            this(server, proxy(server), proxy(server));
        }

        private static Proxy proxy(Server server) {
            return new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved(server.host(), server.port()));
        }

        boolean isAt(SocketAddress address) {
            return address instanceof InetSocketAddress inet
                    && inet.getPort() == server.port()
                    && inet.getHostString().equalsIgnoreCase(server.host());
        }

        /**
         * Whether a failure is the server's. Behind one that could not be reached, the JDK's client finds its socket
         * closed or its time used up, and says that of each later server without having tried it.
         */
        boolean hasFailed(SocketAddress address, IOException failure) {
            return address != later.address()
                    || failure instanceof ConnectException
                    || failure instanceof NoRouteToHostException
                    || failure instanceof UnknownHostException;
        }
    }

    private final Settings settings;
    private final Connector connector;
    private final @Nullable ProxySelector previous;
    private final BooleanSupplier engine;
    private final IdentityHashMap<Server, Listed> servers = new IdentityHashMap<>();
    private volatile boolean engineFound; // an engine that is installed stays

    /**
     * Makes a selector of the system's configuration, as {@link Configuration#ofSystem()} reads it, in front of the
     * selector that is the default now.
     *
     * @throws IllegalArgumentException as for {@link Configuration#ofSystem()}, and as for
     *     {@link #Socks5ProxySelector(Configuration)}
     * @throws IllegalStateException as for {@link #Socks5ProxySelector(Configuration)}
     */
    public Socks5ProxySelector() {
        this(Configuration.ofSystem());
    }

    /**
     * Makes a selector in front of the one that is the default now.
     *
     * @throws IllegalArgumentException if the JDK's client cannot do what the configuration says: credentials,
     *     {@code on-failure=direct}, or a time limit that is given;
     *     not where an engine is installed, which does the work
     * @throws IllegalStateException if an engine is installed that is of a version which this one cannot ask
     */
    public Socks5ProxySelector(Configuration configuration) {
        this(configuration, ProxySelector.getDefault());
    }

    /**
     * Makes a selector in front of another.
     *
     * @param previous answers for all schemes but {@code socket}; null: those go direct
     * @throws IllegalArgumentException as for {@link #Socks5ProxySelector(Configuration)}
     * @throws IllegalStateException as for {@link #Socks5ProxySelector(Configuration)}
     */
    public Socks5ProxySelector(Configuration configuration, @Nullable ProxySelector previous) {
        this(
                configuration.settings(),
                configuration.idleConnector(),
                previous,
                () -> Installed.find(Argyle.version()) != null);
    }

    /** @param engine tells whether an engine routes the sockets of this JVM */
    Socks5ProxySelector(
            Settings settings, Connector connector, @Nullable ProxySelector previous, BooleanSupplier engine) {
        this.settings = settings;
        this.connector = connector;
        this.previous = previous;
        this.engine = engine;
        if (!hasEngine() && !settings.off()) {
            requireWithinReach(settings);
        }
        for (Server server : settings.servers()) {
            servers.put(server, new Listed(server));
        }
    }

    private static void requireWithinReach(Settings settings) {
        for (Server server : settings.servers()) {
            if (server.credentials() != null) {
                throw new IllegalArgumentException("Socks5ProxySelector cannot authenticate: " + server
                        + " is given with a user name and a password, and the JDK's SOCKS client knows only a JVM-wide"
                        + " java.net.Authenticator; leave them out, " + WAYS_OUT);
            }
        }
        if (settings.onFailure() == OnFailure.DIRECT) {
            throw cannotHold(settings, Key.ON_FAILURE, "never goes direct where a server fails");
        }
        for (Key key : List.of(Key.CONNECT_TIMEOUT, Key.HANDSHAKE_TIMEOUT)) {
            Origin origin = settings.origins().get(key);
            if (origin != null && !origin.source().equals("default")) {
                throw cannotHold(settings, key, "has no limit but the application's own connect timeout");
            }
        }
    }

    private static IllegalArgumentException cannotHold(Settings settings, Key key, String reason) {
        Origin origin = settings.origins().get(key);
        String given = origin == null ? key.text() : key + "=" + origin.value() + " (" + origin.source() + ")";
        return new IllegalArgumentException("Socks5ProxySelector cannot do " + given + ": the JDK's SOCKS client "
                + reason + "; leave it out, " + WAYS_OUT);
    }

    /**
     * Returns the servers for {@code socket://host:port}, those that failed lately last, or {@code NO_PROXY} where a
     * route says direct. For the other schemes, returns what the previous selector does. No server's name is looked up;
     * the target's is, unless a route sends the name to its server.
     *
     * @throws IllegalArgumentException if {@code uri} is null; if it is {@code socket:} and host and port cannot be
     *     determined, or a route refuses the target; or if an engine has been installed of a version which this one
     *     cannot ask. The JDK's client makes an IOException of it
     */
    @Override
    public List<Proxy> select(URI uri) {
        if (uri == null) {
            throw new IllegalArgumentException("no URI");
        }
        if (!isSocket(uri)) {
            List<Proxy> answer = previous == null ? DIRECT : previous.select(uri);
            List<Proxy> others = WithoutSocks.of(answer);
            return others != answer && requireKnownEngine() ? others : answer;
        }
        if (requireKnownEngine()) {
            return DIRECT;
        }
        Target target = target(uri);
        Route route = settings.routes().route(target);
        if (route instanceof Route.Direct) {
            return DIRECT;
        }
        if (route instanceof Route.Refuse) {
            throw new IllegalArgumentException("Refused by the routes: " + target + ": " + route.record());
        }
        List<Proxy> answer = new ArrayList<>();
        for (Server server : connector.order((Route.Via) route)) {
            Listed listed = servers.get(server);
            if (listed == null) {
                throw new IllegalStateException("Not a server of these settings: " + server);
            }
            answer.add(answer.isEmpty() ? listed.first : listed.later);
        }
        return answer;
    }

    /**
     * Remembers for 60 seconds that a server of the configuration could not be reached, if that was for a
     * {@code socket://}. Hands all else to the previous selector.
     *
     * @throws IllegalArgumentException if an argument is null
     */
    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        if (uri == null || address == null || failure == null) {
            throw new IllegalArgumentException("no URI, no address or no exception");
        }
        if (isSocket(uri)) {
            for (Listed listed : servers.values()) {
                if (listed.isAt(address)) {
                    if (listed.hasFailed(address, failure)) {
                        connector.failed(listed.server);
                    }
                    return;
                }
            }
        }
        if (previous != null) {
            previous.connectFailed(uri, address, failure);
        }
    }

    private static boolean isSocket(URI uri) {
        return "socket".equalsIgnoreCase(uri.getScheme());
    }

    /** Asked each time until one is found: it may come after this object, and to look for a class takes some 10 us. */
    private boolean hasEngine() {
        if (!engineFound && engine.getAsBoolean()) {
            engineFound = true;
        }
        return engineFound;
    }

    /** The JDK expects no other exception of a selector. */
    private boolean requireKnownEngine() {
        try {
            return hasEngine();
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Of the authority, since java.net.URI knows no host where a name has an underscore or is not in ASCII, and Java 17
     * writes the brackets of an IPv6 address as {@code %5b} and {@code %5d}.
     */
    private Target target(URI uri) {
        String authority = uri.getAuthority();
        int colon = authority == null ? -1 : authority.lastIndexOf(':');
        if (authority == null || colon < 1) {
            throw notHostAndPort(uri, null);
        }
        String host = authority.substring(0, colon);
        try {
            int port = Integer.parseInt(authority.substring(colon + 1));
            Target target = new Target(host, null, port);
            return staysName(target) ? target : new Target(host, address(host), port);
        } catch (IllegalArgumentException e) {
            throw notHostAndPort(uri, e);
        }
    }

    private static IllegalArgumentException notHostAndPort(URI uri, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException("got " + uri + " (expected: socket://host:port)", cause);
    }

    private boolean staysName(Target target) {
        Route route = settings.routes().route(target);
        return route instanceof Route.Refuse || (route instanceof Route.Via via && via.remoteNames());
    }

    /**
     * The address of a name, where it is looked up here, for the routes by address. The application has looked the name up
     * just before: it is in the JDK's cache.
     */
    private static byte @Nullable [] address(String host) {
        if (IpLiteral.parse(host) != null) {
            return null;
        }
        try {
            return InetAddress.getByName(host).getAddress();
        } catch (UnknownHostException e) {
            return null; // an unresolved address: the JDK's client sends the name
        }
    }
}
