// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.IpLiteral;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Transport;
import java.nio.charset.CodingErrorAction;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that key {@code routes} names, and those of {@code SOCKS5C_CONFIG}: the grammar is that of AIX's
 * {@code /etc/socks5c.conf}, with more than it has.
 *
 * <pre>
 * file      = *( line newline )                     ; UTF-8; comments in any encoding
 * line      = [ destination 1*space decision [ 1*space transport ] ] [ "#" comment ]
 * decision  = "NONE" | "REFUSE" | server *( "," server )     ; NONE: direct
 * server    = see {@link ServerUrls}, or host [ ":" port ], or ipv6 ":" port; an IPv6 address always has a port
 * transport = "tcp" | "udp"                          ; both if there is none
 * destination = see {@link Destination}
 * </pre>
 *
 * AIX has no lists of servers, {@code REFUSE}, ports behind a destination, and transport. The order of the lines does not
 * count. A destination may stand there twice only with the same decision. For one thread.
 */
final class RoutesFiles {
    private static final String NOT_UTF_8 = "\ufffd";

    private final KnownServers servers;
    private final boolean shared;
    private final List<RouteTable.Rule> rules;
    private final Map<String, Route> decisions = new HashMap<>();
    private final StringBuilder records = new StringBuilder();
    private final StringBuilder paths = new StringBuilder();

    /**
     * @param shared whether others than the owner may be able to read a file with a password in it
     * @param rules gets the rules
     */
    RoutesFiles(KnownServers servers, boolean shared, List<RouteTable.Rule> rules) {
        this.servers = servers;
        this.shared = shared;
        this.rules = rules;
    }

    /**
     * Adds the rules of one file.
     *
     * @throws InvalidValueException if it cannot be read, or others can and there is a password in it
     * @throws ConfigurationException if a line is malformed, or says something else of a destination than another line
     */
    void read(String path) throws InvalidValueException, ConfigurationException {
        List<String> lines = TextFile.lines(path, CodingErrorAction.REPLACE);
        int secret = 0;
        for (int i = 0; i < lines.size(); i++) {
            String source = "file " + path + ":" + (i + 1);
            try {
                if (add(lines.get(i), source)) {
                    secret = i + 1;
                }
            } catch (InvalidValueException e) {
                throw new ConfigurationException(source + ": " + e.getMessage());
            }
        }
        if (secret > 0 && !shared) {
            PrivateFile.require(path, ", and line " + secret + " has a password in it");
        }
        paths.append(paths.length() == 0 ? "" : ", ").append(path);
    }

    /** Adds the rule of one line, and returns whether there is a password in it. */
    private boolean add(String line, String source) throws InvalidValueException {
        int comment = line.indexOf('#');
        String text = comment < 0 ? line : line.substring(0, comment);
        StringTokenizer fields = new StringTokenizer(text);
        int count = fields.countTokens();
        if (count == 0) {
            return false;
        }
        if (text.contains(NOT_UTF_8)) {
            throw new InvalidValueException("the line is not UTF-8");
        }
        if (count == 1) {
            throw new InvalidValueException(
                    "nothing behind the destination; write NONE to go direct, REFUSE, or a server, host[:port]");
        }
        if (count > 3) {
            throw new InvalidValueException("got " + count + " fields (expected: destination server tcp|udp, the last"
                    + " may be left out); several servers have commas and no white space between them");
        }
        String written = fields.nextToken();
        Destination destination;
        try {
            destination = Destination.parse(written);
        } catch (InvalidValueException e) {
            throw new InvalidValueException("destination: " + e.getMessage() + got(written, line));
        }
        String decision = fields.nextToken();
        List<Server> named = isWord(decision) ? List.of() : servers(decision, line);
        Transport transport = fields.hasMoreTokens() ? transport(fields.nextToken(), line) : null;
        String shown = written + " " + withoutCredentials(decision)
                + (transport == null ? "" : " " + transport.name().toLowerCase(Locale.ROOT));
        Route route = route(decision, named, new RouteRecord(shown, source));
        if (isNew(destination + " " + transport, route)) {
            rules.add(new RouteTable.Rule(destination.pattern(transport), route));
            records.append(shown).append('\n');
        }
        for (Server server : named) {
            if (server.credentials() != null) {
                return true;
            }
        }
        return false;
    }

    private Route route(String decision, List<Server> named, RouteRecord record) {
        return switch (decision) {
            case "NONE" -> new Route.Direct(record);
            case "REFUSE" -> new Route.Refuse(record);
            default -> new Route.Via(record, servers.of(named, record.source()));
        };
    }

    private boolean isNew(String destination, Route route) throws InvalidValueException {
        Route before = decisions.putIfAbsent(destination, route);
        if (before == null) {
            return true;
        }
        if (before.getClass() != route.getClass()
                || (before instanceof Route.Via via && !via.servers().equals(((Route.Via) route).servers()))) {
            throw new InvalidValueException(
                    "the destination stands at " + before.record().source()
                            + " too, with another decision; leave one out: "
                            + Shown.quote(before.record().text()) + ", "
                            + Shown.quote(route.record().text()));
        }
        return false;
    }

    private static boolean isWord(String decision) throws InvalidValueException {
        if (decision.equals("NONE") || decision.equals("REFUSE")) {
            return true;
        }
        String upper = decision.toUpperCase(Locale.ROOT);
        if (upper.equals("NONE") || upper.equals("REFUSE")) {
            throw new InvalidValueException("got '" + decision + "'; write " + upper + ", in upper case");
        }
        return false;
    }

    private static List<Server> servers(String field, String line) throws InvalidValueException {
        StringBuilder inBrackets = new StringBuilder();
        for (String entry : Lists.split(field, ',')) {
            String upper = entry.toUpperCase(Locale.ROOT);
            if (upper.equals("NONE") || upper.equals("REFUSE")) {
                throw new InvalidValueException(upper + " stands alone, without servers beside it");
            }
            inBrackets.append(inBrackets.length() == 0 ? "" : ",").append(inBrackets(entry, line));
        }
        return ServerUrls.parseList(inBrackets.toString(), line);
    }

    /** AIX writes the port of an IPv6 server behind the bare address, and so cannot do without the port. */
    private static String inBrackets(String entry, String line) throws InvalidValueException {
        String server = entry;
        int last = entry.lastIndexOf(':');
        if (last > 0 && IpLiteral.parse(entry.substring(0, last)) != null && entry.charAt(0) != '[') {
            if (entry.indexOf(':') < last) {
                server = "[" + entry.substring(0, last) + "]" + entry.substring(last);
            }
        } else if (last >= 0 && (IpLiteral.parse(entry) != null || entry.endsWith("]") || entry.endsWith("]/"))) {
            throw new InvalidValueException("an IPv6 server needs a port; write [2001:db8::1]:1080" + got(entry, line));
        }
        return server;
    }

    private static Transport transport(String word, String line) throws InvalidValueException {
        return switch (word) {
            case "tcp" -> Transport.TCP;
            case "udp" -> Transport.UDP;
            default ->
                throw new InvalidValueException(
                        "the third field is neither tcp nor udp; several servers have commas and"
                                + " no white space between them" + (line.contains("://") ? "" : got(word, line)));
        };
    }

    /** What is written, where there can be no piece of a password in it, with white space or a # in the middle. */
    private static String got(String text, String line) {
        return line.indexOf('@') >= 0 || text.contains("://") ? "" : "; got " + Shown.quote(text);
    }

    private static String withoutCredentials(String decision) {
        StringBuilder text = new StringBuilder();
        for (String entry : Lists.split(decision, ',')) {
            int at = entry.lastIndexOf('@');
            String scheme = at < 0 ? null : ServerUrls.scheme(entry);
            text.append(text.length() == 0 ? "" : ",");
            text.append(scheme == null ? "" : entry.substring(0, scheme.length() + 3));
            text.append(entry, at + 1, entry.length());
        }
        return text.toString();
    }

    /** Returns how many records the files have, and where they are, as a user reads it; null if no file was read. */
    @Nullable
    String inWords() {
        int count = decisions.size();
        return paths.length() == 0 ? null : count + (count == 1 ? " record of " : " records of ") + paths;
    }

    /** Returns the records, each on a line, without credentials. */
    String records() {
        return records.toString();
    }
}
