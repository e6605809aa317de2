// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;

/**
 * A host with an optional port.
 *
 * <pre>
 * hostport = ( name | ipv4 | "[" ipv6 [ ( "%" | "%25" ) zone ] "]" ) [ ":" port ]
 * port     = 1*5 digit                   ; 1 to 65535
 * </pre>
 *
 * Immutable.
 *
 * @param host in ASCII, an IPv6 address without brackets
 * @param port 1 to 65535, or {@link #NO_PORT}
 */
public record HostPort(String host, int port) {
    /** Stands for no port. */
    public static final int NO_PORT = 0;

    /**
     * Parses a text of this form, or an IPv6 address without brackets, which has no port.
     *
     * @throws ConfigurationException if the text is neither
     */
    public static HostPort parseTarget(String text) throws ConfigurationException {
        boolean bare = !text.startsWith("[") && text.indexOf(':') >= 0 && IpLiteral.parse(text) != null;
        try {
            return bare ? new HostPort(text, NO_PORT) : parse(text);
        } catch (InvalidValueException e) {
            throw new ConfigurationException(Shown.quote(text) + ": " + e.getMessage());
        }
    }

    /** @throws InvalidValueException if the text is not of this form; the message does not repeat the text */
    static HostPort parse(String text) throws InvalidValueException {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            String host = close < 0 ? "" : text.substring(1, close);
            if (host.indexOf(':') < 0 || IpLiteral.parse(host) == null) {
                throw new InvalidValueException("what is in brackets is not an IPv6 address");
            }
            int port = close + 1 == text.length() ? NO_PORT : portBehind(text, close + 1);
            int zone = host.indexOf('%');
            // RFC 6874 section 2; with nothing behind it, the zone 25
            boolean encoded = zone >= 0 && host.startsWith("%25", zone) && zone + 3 < host.length();
            return new HostPort(encoded ? host.substring(0, zone) + "%" + host.substring(zone + 3) : host, port);
        }
        int colon = text.indexOf(':');
        if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
            throw new InvalidValueException(
                    IpLiteral.parse(text) == null
                            ? "more than one colon; an IPv6 address goes in brackets"
                            : "an IPv6 address goes in brackets");
        }
        String host = HostNames.toAscii(colon < 0 ? text : text.substring(0, colon));
        if (host.isEmpty()) {
            throw new InvalidValueException("the host is empty");
        }
        if (IpLiteral.parse(host) == null && !HostNames.isValid(HostNames.normalize(host))) {
            throw new InvalidValueException("the host is neither a name nor an address");
        }
        return new HostPort(host, colon < 0 ? NO_PORT : portBehind(text, colon));
    }

    /**
     * Returns the port that a text ends with.
     *
     * @throws InvalidValueException if there is no colon at the index, or no number from 1 to 65535 behind it
     */
    static int portBehind(String text, int colon) throws InvalidValueException {
        if (text.charAt(colon) != ':') {
            throw new InvalidValueException("only :port may follow the brackets");
        }
        return port(text.substring(colon + 1));
    }

    /** @throws InvalidValueException if the text is not a number from 1 to 65535 */
    static int port(String digits) throws InvalidValueException {
        int port = 0;
        for (int i = 0; i < digits.length() && port <= 65535; i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                port = 0;
                break;
            }
            port = port * 10 + (c - '0');
        }
        if (port < 1 || port > 65535) {
            throw new InvalidValueException("the port is not a number from 1 to 65535");
        }
        return port;
    }

    /** Returns the form in which hosts are compared: an address in its one canonical text, a name normalized. */
    static String canonical(String host) {
        byte[] address = IpLiteral.parse(host);
        return address == null ? HostNames.normalize(host) : IpLiteral.format(address);
    }
}
