// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.TargetPattern;
import dev.argyle.route.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The first field of a line of {@link RoutesFiles}.
 *
 * <pre>
 * destination = ( ipv4 [ "/" prefix ] | fragment | "[" ipv6 [ "/" prefix ] "]" ) [ ":" ports ]
 *             | ipv6 [ "/" prefix ]
 * ports       = port [ "-" port ]        ; 1 to 65535, the lower one first
 * fragment    = [ "." ] name             ; the end of names, as it is: ample.com ends example.com
 * prefix      = see {@link AddressBlock}; bits set behind it do not count
 * </pre>
 *
 * Immutable.
 */
final class Destination {
    private final TargetPattern pattern;
    private final String canonical;
    private final int firstPort;
    private final int lastPort;

    private Destination(TargetPattern pattern, String canonical, int firstPort, int lastPort) {
        this.pattern = pattern;
        this.canonical = canonical;
        this.firstPort = firstPort;
        this.lastPort = lastPort;
    }

    /** @throws InvalidValueException if the text is not of this form; the message does not repeat it */
    static Destination parse(String text) throws InvalidValueException {
        int colon = text.indexOf(':');
        String body = text;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            body = close < 0 ? "" : text.substring(1, close);
            if (body.indexOf(':') < 0) {
                throw new InvalidValueException("what is in brackets is not an IPv6 address");
            }
            colon = close + 1 == text.length() ? -1 : close + 1;
            if (colon >= 0 && text.charAt(colon) != ':') {
                throw new InvalidValueException("only :port may follow the brackets; a /prefix goes into them");
            }
        } else if (colon != text.lastIndexOf(':')) {
            colon = -1; // of an IPv6 address
        } else if (colon >= 0) {
            body = text.substring(0, colon);
        }
        int firstPort = 0;
        int lastPort = 65535;
        if (colon >= 0) {
            int dash = text.indexOf('-', colon);
            firstPort = HostPort.port(text.substring(colon + 1, dash < 0 ? text.length() : dash));
            lastPort = dash < 0 ? firstPort : HostPort.port(text.substring(dash + 1));
            if (lastPort < firstPort) {
                throw new InvalidValueException("the lower port goes first; write " + lastPort + "-" + firstPort);
            }
        }
        AddressBlock block = block(body);
        if (block != null) {
            return new Destination(block.pattern(TargetPattern.ANY_PORT), block.toString(), firstPort, lastPort);
        }
        String fragment = fragment(body);
        return new Destination(TargetPattern.suffix(fragment, TargetPattern.ANY_PORT), fragment, firstPort, lastPort);
    }

    private static @Nullable AddressBlock block(String body) throws InvalidValueException {
        int slash = body.indexOf('/');
        if (slash >= 0 && IpLiteral.parse(body.substring(0, slash)) == null) {
            throw new InvalidValueException(
                    HostNames.isValid(HostNames.normalize(body.substring(0, slash)))
                            ? "a prefix goes with an address only; leave it out behind a name"
                            : "what is before the / is not an address; write all of it, as in 9.0.0.0/8");
        }
        AddressBlock block = AddressBlock.parse(body, false);
        if (block == null && body.indexOf(':') >= 0) {
            throw new InvalidValueException(
                    "more than one colon, and not an IPv6 address; with a port it goes in brackets, as in [2001:db8::1]:80");
        }
        return block;
    }

    private static String fragment(String body) throws InvalidValueException {
        String dot = body.startsWith(".") ? "." : "";
        String name = HostNames.normalize(body.substring(dot.length()));
        if (name.indexOf('*') >= 0) {
            throw new InvalidValueException("a * has no meaning here; write the end of the names, as in .example.com,"
                    + " or 0.0.0.0/0 and ::/0 for all addresses");
        }
        if (!HostNames.isValid(name)) {
            throw new InvalidValueException("neither an address nor the end of a name");
        }
        return dot + name;
    }

    /**
     * Returns the pattern, at the ports of this destination.
     *
     * @param transport null for any
     */
    TargetPattern pattern(@Nullable Transport transport) {
        return pattern.at(firstPort, lastPort, transport);
    }

    /** Returns the text that all spellings of this destination have in common. */
    @Override
    public String toString() {
        return canonical + " " + firstPort + "-" + lastPort;
    }
}
