// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.BindRules;
import dev.argyle.route.TargetPattern;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses {@code bind}, which listening sockets are opened at a SOCKS server.
 *
 * <pre>
 * bind  = [ entry *( "," entry ) ]
 * entry = "*" | "port:" port [ "-" port ] | "local:" local | "peer:" peer
 * port  = 1*5 digit                          ; 0 to 65535, the lower one first
 * local = block | "[" ipv6 [ "/" prefix ] "]"  ; block as in {@link AddressBlock}
 * peer  = an entry of {@link TargetPatterns}
 * </pre>
 *
 * {@code port:0} means the sockets that ask for any port that is free; {@code local:0.0.0.0} and {@code local:::} both mean those
 * that ask for no address. Upper and lower case are the same. Stateless.
 */
final class BindList {
    private static final String PORT = "port:";
    private static final String LOCAL = "local:";
    private static final String PEER = "peer:";

    private BindList() {}

    /** @throws InvalidValueException if an entry is malformed */
    static BindRules parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            return BindRules.NONE;
        }
        boolean all = false;
        List<BindRules.Ports> ports = new ArrayList<>();
        List<TargetPattern> locals = new ArrayList<>();
        List<TargetPattern> peers = new ArrayList<>();
        for (String entry : Lists.entries(text)) {
            try {
                if (entry.equals("*")) {
                    all = true;
                } else if (startsWith(entry, PORT)) {
                    ports.add(ports(entry.substring(PORT.length())));
                } else if (startsWith(entry, LOCAL)) {
                    locals.add(local(entry.substring(LOCAL.length())));
                } else if (startsWith(entry, PEER)) {
                    peers.add(TargetPatterns.parse(entry.substring(PEER.length()), false));
                } else {
                    throw new InvalidValueException(
                            "write *, port:N, port:N-M, local:ADDRESS, local:ADDRESS/PREFIX or peer:TARGET");
                }
            } catch (InvalidValueException e) {
                throw new InvalidValueException(e.getMessage() + "; got " + Shown.quote(entry));
            }
        }
        return new BindRules(all, ports, locals, peers);
    }

    private static boolean startsWith(String entry, String word) {
        return entry.regionMatches(true, 0, word, 0, word.length());
    }

    private static BindRules.Ports ports(String text) throws InvalidValueException {
        int dash = text.indexOf('-');
        int first = port(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : port(text.substring(dash + 1));
        if (last < first) {
            throw new InvalidValueException("the lower port goes first; write port:" + last + "-" + first);
        }
        return new BindRules.Ports(first, last);
    }

    private static int port(String digits) throws InvalidValueException {
        int port = digits.isEmpty() ? -1 : 0;
        for (int i = 0; i < digits.length() && port >= 0; i++) {
            char c = digits.charAt(i);
            port = c < '0' || c > '9' ? -1 : port * 10 + (c - '0');
            port = port > 65535 ? -1 : port;
        }
        if (port < 0) {
            throw new InvalidValueException("the port is not a number from 0 to 65535");
        }
        return port;
    }

    private static TargetPattern local(String text) throws InvalidValueException {
        String body = text;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            body = close < 0 ? "" : text.substring(1, close);
            if (body.indexOf(':') < 0) {
                throw new InvalidValueException("what is in brackets is not an IPv6 address");
            }
            if (close + 1 < text.length()) {
                throw new InvalidValueException("nothing may follow the brackets; a /prefix goes into them");
            }
        }
        AddressBlock block = AddressBlock.parse(body, true);
        if (block == null) {
            throw new InvalidValueException("not an address of this machine; write it as in local:10.0.0.1,"
                    + " local:10.0.0.0/8 or local:[2001:db8::1], or local:0.0.0.0 for those that ask for none");
        }
        return block.pattern(TargetPattern.ANY_PORT);
    }
}
