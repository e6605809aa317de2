// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.config.Settings;
import dev.argyle.route.Route;
import dev.argyle.route.Server;
import dev.argyle.route.Transport;
import dev.argyle.transport.Connector;
import dev.argyle.transport.NoServerException;
import dev.argyle.transport.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an engine tells a client of this library about the servers for a target, in types of the JDK. With their passwords: who
 * is in this JVM has them anyway, on the wire. Safe for use by any thread.
 *
 * @param settings the engine's
 */
public record InstalledServers(Settings settings, Connector connector)
        implements BiFunction<@Nullable InetSocketAddress, Boolean, Map<String, Object>> {
    /** Of the map: why there is none, a String; the map has nothing else then. */
    public static final String NONE = "none";

    /** Of the map: the settings to reach them by, a Map of keys and their values. */
    public static final String SETTINGS = "settings";

    /** Of the map, where there is a target: as the server is to be given it, an InetSocketAddress. */
    public static final String TARGET = "target";

    @Override
    public Map<String, Object> apply(@Nullable InetSocketAddress target, Boolean udp) {
        try {
            Requests requests = connector.requests();
            Transport transport = udp ? Transport.UDP : Transport.TCP;
            InetSocketAddress named = target == null ? null : requests.named(target, transport);
            Route.Via via = requests.servers(named, transport);
            Map<String, String> values = Map.of(
                    "proxy",
                    urls(connector.order(via)),
                    "bypass",
                    "none",
                    "udp.relay",
                    settings.udpRelay().name().toLowerCase(Locale.ROOT),
                    "connect.timeout",
                    settings.connectTimeoutMillis() + "ms",
                    "handshake.timeout",
                    settings.handshakeTimeoutMillis() + "ms");
            return named == null ? Map.of(SETTINGS, values) : Map.of(SETTINGS, values, TARGET, named);
        } catch (NoServerException e) {
            return Map.of(NONE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String urls(Iterable<Server> servers) {
        StringBuilder urls = new StringBuilder();
        for (Server server : servers) {
            String url = server.toString();
            int authority = url.indexOf("://") + 3;
            urls.append(urls.length() == 0 ? "" : ",").append(url, 0, authority);
            if (server.credentials() != null) {
                urls.append(encoded(server.credentials().user().getBytes(StandardCharsets.UTF_8)))
                        .append(':')
                        .append(encoded(server.credentials().password()))
                        .append('@');
            }
            urls.append(url, authority, url.length());
        }
        return urls.toString();
    }

    /** Each octet as %XX, so that none has a meaning of its own. */
    private static String encoded(byte[] octets) {
        StringBuilder text = new StringBuilder();
        for (byte octet : octets) {
            text.append('%').append(HexFormat.of().toHexDigits(octet));
        }
        return text.toString();
    }
}
