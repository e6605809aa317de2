// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.protocol.Credentials;
import dev.argyle.route.Server;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parses the servers.
 *
 * <pre>
 * servers  = server *( "," server )
 * server   = [ scheme "://" ] [ user ":" password "@" ] hostport [ "/" ]
 * scheme   = "socks5h" | "socks5"           ; in any case; socks5h if there is none
 * user     = 1*( char | "%" hex hex )       ; UTF-8; "/", "?", "#", "@", "[", "]", ":" and white space as %XX
 * password = 1*( char | "%" hex hex )       ; as user, but ":" may stand as it is; "," as %2C in a list
 * hostport = see {@link HostPort}; the port is 1080 if there is none
 * </pre>
 *
 * Stateless.
 */
final class ServerUrls {
    private ServerUrls() {}

    /** @throws InvalidValueException if a server is malformed, or only some of them are to resolve names */
    static List<Server> parseList(String value) throws InvalidValueException {
        return parseList(value, value);
    }

    /**
     * Returns the servers of a value.
     *
     * @param context what the value was cut from: where a password may have been cut, nothing is shown
     * @throws InvalidValueException as for the value alone
     */
    static List<Server> parseList(String value, String context) throws InvalidValueException {
        List<String> entries = Lists.split(value, ',');
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            Server server;
            try {
                server = parse(entry);
            } catch (InvalidValueException e) {
                String which = entries.size() == 1 ? "" : "server " + (i + 1) + ": ";
                throw new InvalidValueException(which + e.getMessage() + "; got " + shown(context, entry));
            }
            if (!servers.isEmpty() && servers.get(0).remoteNames() != server.remoteNames()) {
                throw new InvalidValueException("server 1 is " + scheme(servers.get(0)) + ", server " + (i + 1) + " is "
                        + scheme(server) + "; a name would be resolved here for the one"
                        + " and kept for the other, so give all the same scheme");
            }
            servers.add(server);
        }
        return servers;
    }

    /** @throws InvalidValueException if the text is not a server; the message does not repeat it */
    static Server parse(String text) throws InvalidValueException {
        String scheme = scheme(text);
        boolean remoteNames = scheme == null || scheme.equals("socks5h");
        if (scheme != null && !remoteNames && !scheme.equals("socks5")) {
            throw new InvalidValueException(
                    "the scheme" + known(scheme) + " is not supported (supported: socks5h://, socks5://)");
        }
        String authority = scheme == null ? text : text.substring(scheme.length() + 3);
        int at = authority.lastIndexOf('@');
        Credentials credentials = at < 0 ? null : credentials(authority.substring(0, at));
        String hostPort = authority.substring(at + 1);
        if (hostPort.endsWith("/")) {
            hostPort = hostPort.substring(0, hostPort.length() - 1);
        }
        if (hostPort.indexOf('/') >= 0 || hostPort.indexOf('?') >= 0 || hostPort.indexOf('#') >= 0) {
            throw new InvalidValueException("a path, query or fragment behind the server; leave it out");
        }
        HostPort parsed = HostPort.parse(hostPort);
        int port = parsed.port() == HostPort.NO_PORT ? Server.DEFAULT_PORT : parsed.port();
        return new Server(parsed.host(), port, remoteNames, credentials);
    }

    /** Returns the scheme in lower case, or null if the text does not start with {@code scheme://}. */
    static @Nullable String scheme(String text) {
        int end = text.indexOf("://");
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !other)) {
                return null;
            }
        }
        return end <= 0 ? null : text.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** Returns a well-known scheme to be shown; another may be a piece of a password with a comma in it. */
    private static String known(String scheme) {
        return switch (scheme) {
            case "http", "https", "socks", "socks4", "socks4a" -> " " + scheme + "://";
            default -> "";
        };
    }

    private static String scheme(Server server) {
        return server.remoteNames() ? "socks5h (as without a scheme)" : "socks5";
    }

    private static Credentials credentials(String userInfo) throws InvalidValueException {
        int colon = userInfo.indexOf(':');
        if (colon < 0) {
            throw new InvalidValueException("a user without a password; write user:password@, or use credentials=file");
        }
        try {
            return new Credentials(decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(String.valueOf(e.getMessage()));
        }
    }

    private static String decode(String text) throws InvalidValueException {
        StringBuilder decoded = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '%') {
                ByteArrayOutputStream octets = new ByteArrayOutputStream();
                for (; i < text.length() && text.charAt(i) == '%'; i += 3) {
                    octets.write(octet(text, i + 1));
                }
                decoded.append(utf8(octets.toByteArray()));
            } else if (c <= ' ' || "/?#@[]\\".indexOf(c) >= 0) {
                throw new InvalidValueException(
                        "a character in user or password that must be percent-encoded (@ is %40, / is %2F)");
            } else {
                decoded.append(c);
                i++;
            }
        }
        return decoded.toString();
    }

    private static int octet(String text, int index) throws InvalidValueException {
        int octet = 0;
        for (int i = index; i < index + 2; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new InvalidValueException(
                        "a % in user or password without two hexadecimal digits behind it (% itself is %25)");
            }
            octet = octet * 16 + digit;
        }
        return octet;
    }

    private static String utf8(byte[] octets) throws InvalidValueException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidValueException("the percent-encoding in user or password is not UTF-8");
        }
    }

    /**
     * Returns an entry as far as it holds no secret. Where there is an {@code @} in what it was cut from, nothing is
     * shown: a password with a comma in it is spread over several entries. What follows the last colon is shown if it is a number:
     * {@code user:password} without a host behind it looks like {@code host:port}.
     */
    private static String shown(String context, String entry) {
        if (context.indexOf('@') >= 0) {
            return "a server with credentials (not shown)";
        }
        int behind = entry.lastIndexOf(':') + 1;
        int end = behind;
        while (end < entry.length() && entry.charAt(end) >= '0' && entry.charAt(end) <= '9') {
            end++;
        }
        boolean harmless = behind == 0 || end == entry.length() || "/]".indexOf(entry.charAt(end)) >= 0;
        return Shown.quote(harmless ? entry : entry.substring(0, behind) + "...");
    }
}
