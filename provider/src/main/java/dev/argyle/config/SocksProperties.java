// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.protocol.Credentials;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.TargetPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JDK's own SOCKS properties (documented with {@code java.net}'s networking properties).
 *
 * <pre>
 * socksProxyHost         a name or an address, IPv6 with brackets or without; names are resolved at the server
 * socksProxyPort         1080 if not set
 * socksProxyVersion      5 or not set
 * java.net.socks.username, java.net.socks.password     both or none
 * socksNonProxyHosts     [ entry *( "|" entry ) ]; unless it is set to nothing, also
 *                        {@value #DEFAULT_NON_PROXY_HOSTS}
 * entry                  [ "*" ] text [ "*" ]     ; a raw text of the name, or of the address (RFC 5952): 10.*
 * </pre>
 *
 * Stateless.
 */
final class SocksProperties {
    static final String DEFAULT_NON_PROXY_HOSTS = "localhost|127.*|[::1]|0.0.0.0|[::0]";

    private SocksProperties() {}

    /**
     * Returns the server with its exceptions, or null if no property names a server.
     *
     * @param withDefault whether the JDK's default for {@code socksNonProxyHosts} counts
     * @throws ConfigurationException if a property is malformed or asks for SOCKSv4
     */
    static @Nullable Family read(Properties properties, boolean withDefault) throws ConfigurationException {
        String host = text(properties, "socksProxyHost");
        if (host == null) {
            return null;
        }
        String version = text(properties, "socksProxyVersion");
        if (version != null && !version.equals("5")) {
            throw new ConfigurationException("-DsocksProxyVersion: only SOCKSv5 is spoken; got " + Shown.quote(version)
                    + "; leave it out, or name a SOCKSv5 server with " + Key.PROXY);
        }
        boolean bare = host.indexOf(':') >= 0 && IpLiteral.parse(host) != null && !host.startsWith("[");
        HostPort hostPort;
        try {
            hostPort = HostPort.parse(bare ? "[" + host + "]" : host);
            if (hostPort.port() != HostPort.NO_PORT) {
                throw new InvalidValueException("a port; it goes into socksProxyPort");
            }
        } catch (InvalidValueException e) {
            throw new ConfigurationException("-DsocksProxyHost: " + e.getMessage());
        }
        Server server = new Server(hostPort.host(), port(properties), true, credentials(properties));
        return new Family(server, "-DsocksProxyHost", "-Djava.net.socks.username", rules(properties, withDefault));
    }

    private static int port(Properties properties) throws ConfigurationException {
        String port = text(properties, "socksProxyPort");
        try {
            return port == null ? Server.DEFAULT_PORT : HostPort.port(port);
        } catch (InvalidValueException e) {
            throw new ConfigurationException("-DsocksProxyPort: " + e.getMessage() + "; got " + Shown.quote(port));
        }
    }

    private static @Nullable Credentials credentials(Properties properties) throws ConfigurationException {
        String user = properties.getProperty("java.net.socks.username");
        String password = properties.getProperty("java.net.socks.password");
        if (user == null && password == null) {
            return null;
        }
        if (user == null || password == null) {
            String given = user == null ? "password" : "username";
            String missing = user == null ? "username" : "password";
            throw new ConfigurationException(
                    "-Djava.net.socks." + given + ": is set without java.net.socks." + missing + "; set both or none");
        }
        try {
            return new Credentials(user, password);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "-Djava.net.socks.username and -Djava.net.socks.password: " + e.getMessage());
        }
    }

    /** A list of the user's own comes on top of the JDK's, an empty one takes its place: so the JDK reads it. */
    private static List<RouteTable.Rule> rules(Properties properties, boolean withDefault) {
        List<RouteTable.Rule> rules = new ArrayList<>();
        String hosts = properties.getProperty("socksNonProxyHosts");
        if (hosts != null) {
            add(rules, hosts, "-DsocksNonProxyHosts");
        }
        if (withDefault && (hosts == null || !hosts.isEmpty())) {
            add(rules, DEFAULT_NON_PROXY_HOSTS, "default of socksNonProxyHosts");
        }
        return rules;
    }

    private static void add(List<RouteTable.Rule> rules, String hosts, String source) {
        for (String entry : Lists.split(hosts, '|')) {
            if (!entry.isEmpty()) {
                rules.add(new RouteTable.Rule(pattern(entry), new Route.Direct(new RouteRecord(entry, source))));
            }
        }
    }

    private static TargetPattern pattern(String entry) {
        if (entry.equals("*")) {
            return TargetPattern.everything(TargetPattern.ANY_PORT);
        }
        byte[] address = IpLiteral.parse(entry);
        return address == null
                ? TargetPattern.text(entry.replace("[", "").replace("]", ""), TargetPattern.ANY_PORT)
                : TargetPattern.block(address, address.length * 8, TargetPattern.ANY_PORT);
    }

    private static @Nullable String text(Properties properties, String name) {
        String text = properties.getProperty(name);
        return text == null || text.trim().isEmpty() ? null : text.trim();
    }
}
