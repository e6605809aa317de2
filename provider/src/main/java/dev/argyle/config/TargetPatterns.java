// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.HostNames;
import dev.argyle.route.TargetPattern;

/**
 * Parses one entry of a {@link BypassList} or of a {@code NO_PROXY}.
 *
 * <pre>
 * entry = ( "*" | [ "*." | "." ] name | ipv4 [ "/" prefix ] | "[" ipv6 [ "/" prefix ] "]" ) [ ":" port ]
 *       | ipv6 [ "/" prefix ]
 * </pre>
 *
 * Stateless.
 */
final class TargetPatterns {
    private TargetPatterns() {}

    /**
     * Returns the pattern.
     *
     * @param curl whether the entry is to be read as curl does: a name means also the names below it, and bits behind a
     *     prefix do not count
     * @throws InvalidValueException if the entry is malformed; the message does not repeat it
     */
    static TargetPattern parse(String entry, boolean curl) throws InvalidValueException {
        String body = entry;
        int port = TargetPattern.ANY_PORT;
        int colon = entry.indexOf(':');
        if (entry.startsWith("[")) {
            int close = entry.indexOf(']');
            body = close < 0 ? "" : entry.substring(1, close);
            if (body.indexOf(':') < 0) {
                throw new InvalidValueException("what is in brackets is not an IPv6 address");
            }
            port = close + 1 == entry.length() ? port : HostPort.portBehind(entry, close + 1);
        } else if (colon >= 0 && colon == entry.lastIndexOf(':')) {
            body = entry.substring(0, colon);
            port = HostPort.portBehind(entry, colon);
        }
        if (body.equals("*")) {
            return TargetPattern.everything(port);
        }
        AddressBlock block = AddressBlock.parse(body, !curl);
        return block != null ? block.pattern(port) : named(body, port, curl);
    }

    private static TargetPattern named(String body, int port, boolean curl) throws InvalidValueException {
        int start = body.startsWith("*.") ? 2 : body.startsWith(".") ? 1 : 0;
        String name = HostNames.normalize(body.substring(start));
        if (name.indexOf('*') >= 0) {
            throw new InvalidValueException(
                    "a * stands alone or, before a dot, at the start; addresses are matched as in 10.0.0.0/8");
        }
        if (!HostNames.isValid(name)) {
            throw new InvalidValueException("neither a name nor an address");
        }
        if (start == 2) {
            return TargetPattern.below(name, port);
        }
        return start == 1 || curl ? TargetPattern.domain(name, port) : TargetPattern.name(name, port);
    }
}
