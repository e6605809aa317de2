// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithLength;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of any records, whose decisions are compared with those of a reader of the whole list that is written anew here. */
class RouteTableFuzzTest {
    private static final String[] LABELS = {"a", "b", "ab", "ba", "example", "x-y", "1a", "localhost", "own"};
    private static final String[] ADDRESSES = {
        "10.0.0.0",
        "10.128.255.1",
        "192.168.1.255",
        "0.0.0.0",
        "255.255.255.255",
        "127.0.0.1",
        "2001:db8::",
        "2001:db8:0:1::ff",
        "::ffff:10.0.0.1",
        "::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    };
    private static final int[] PORTS = {1, 79, 80, 81, 443, 444, 8080, 65534, 65535};
    private static final byte[] OWN_ADDRESS = {10, 0, 0, 1};
    private static final String OWN_NAME = "own.example";

    private static final OwnHost OWN_HOST = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return Arrays.equals(address, OWN_ADDRESS);
        }

        @Override
        public boolean isOwnBroadcast(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnName(String name) {
            return name.equals(OWN_NAME);
        }
    };

    private enum Kind {
        NAME,
        BELOW,
        DOMAIN,
        FRAGMENT,
        TEXT,
        BLOCK,
        EVERYTHING
    }

    /** A record, with all that the order of records looks at. */
    private record Entry(
            Kind kind,
            String text,
            byte[] network,
            int prefix,
            int firstPort,
            int lastPort,
            @Nullable Transport transport,
            Route route) {

        TargetPattern pattern() {
            TargetPattern pattern = switch (kind) {
                case NAME -> TargetPattern.name(text, TargetPattern.ANY_PORT);
                case BELOW -> TargetPattern.below(text, TargetPattern.ANY_PORT);
                case DOMAIN -> TargetPattern.domain(text, TargetPattern.ANY_PORT);
                case FRAGMENT -> TargetPattern.suffix(text, TargetPattern.ANY_PORT);
                case TEXT -> TargetPattern.text(text, TargetPattern.ANY_PORT);
                case BLOCK -> TargetPattern.block(network, prefix, TargetPattern.ANY_PORT);
                case EVERYTHING -> TargetPattern.everything(TargetPattern.ANY_PORT);
            };
            return pattern.at(firstPort, lastPort, transport);
        }

        boolean matches(@Nullable String name, byte @Nullable [] address, int port, Transport over) {
            if (port < firstPort || port > lastPort || (transport != null && transport != over)) {
                return false;
            }
            return switch (kind) {
                case NAME -> text.equals(name);
                case BELOW -> name != null && name.length() > text.length() + 1 && name.endsWith("." + text);
                case DOMAIN ->
                    text.equals(name)
                            || (name != null && name.length() > text.length() + 1 && name.endsWith("." + text));
                case FRAGMENT -> name != null && name.endsWith(text);
                case TEXT -> matchesText(name) || (address != null && matchesText(IpLiteral.format(address)));
                case BLOCK -> address != null && isInBlock(address);
                case EVERYTHING -> true;
            };
        }

        private boolean matchesText(@Nullable String subject) {
            return subject != null
                    && subject.matches(".*".repeat(text.startsWith("*") ? 1 : 0)
                            + "\\Q" + text.replace("*", "") + "\\E"
                            + ".*".repeat(text.endsWith("*") ? 1 : 0));
        }

        private boolean isInBlock(byte[] address) {
            byte[] block = IpLiteral.isMapped(network) && prefix >= 96 ? Arrays.copyOfRange(network, 12, 16) : network;
            int behind = network.length * 8 - prefix;
            return address.length == block.length
                    && new BigInteger(1, address)
                            .shiftRight(behind)
                            .equals(new BigInteger(1, block).shiftRight(behind));
        }

        boolean isOfNames() {
            return kind.compareTo(Kind.BLOCK) < 0;
        }

        boolean isOfOneHost() {
            return kind == Kind.NAME || (kind == Kind.BLOCK && prefix == network.length * 8);
        }

        @Override
        public String toString() {
            String what = kind == Kind.BLOCK ? IpLiteral.format(network) + "/" + prefix : text;
            return kind + " " + what + " at " + firstPort + "-" + lastPort + " " + transport + ": " + route + "\n";
        }

        /** What is compared, the first first; less is better. */
        int[] rank() {
            boolean mapped = kind == Kind.BLOCK && IpLiteral.isMapped(network) && prefix >= 96;
            return new int[] {
                isOfNames() ? 0 : kind == Kind.BLOCK ? 1 : 2,
                isOfNames() ? -text.replace("*", "").length() : kind == Kind.BLOCK ? -prefix + (mapped ? 96 : 0) : 0,
                kind.ordinal(),
                lastPort - firstPort,
                transport == null ? 1 : 0,
                route instanceof Route.Refuse ? 0 : route instanceof Route.Via ? 1 : 2
            };
        }
    }

    static Stream<Arguments> seeds() {
        return IntStream.range(0, 60).mapToObj(i -> {
            byte[] octets = new byte[20 + 10 * i];
            new Random(i).nextBytes(octets);
            return Arguments.of(octets);
        });
    }

    @MethodSource("seeds")
    @FuzzTest
    void route_anyTableAndTarget_isThatOfTheBestRecord(byte @NotNull @WithLength(max = 1000) [] octets) {
        Picks picks = new Picks(octets);
        boolean ownHostDirect = picks.below(2) == 0;
        Route otherwise = route(picks, "otherwise");
        List<Entry> entries = new ArrayList<>();
        for (int n = picks.below(60); n > 0; n--) {
            entries.add(entry(picks, "record " + n));
        }
        List<RouteTable.Rule> rules = new ArrayList<>();
        for (Entry entry : entries) {
            rules.add(new RouteTable.Rule(entry.pattern(), entry.route()));
        }
        RouteTable table = new RouteTable(rules, otherwise, ownHostDirect, OWN_HOST);
        Collections.reverse(rules);
        RouteTable reversed = new RouteTable(rules, otherwise, ownHostDirect, OWN_HOST);
        Set<String> servers = servers(entries, otherwise);
        addBuiltIn(entries, ownHostDirect);
        entries.sort((a, b) -> Arrays.compare(a.rank(), b.rank()));
        do {
            Target target = target(picks, entries);
            Supplier<String> what = () -> target + " " + target.transport() + " in " + entries;
            List<Route> matching = matching(entries, otherwise, target);
            Route expected = expected(entries, otherwise, ownHostDirect, target);

            assertThat(table.route(target)).as(what).isEqualTo(expected);
            assertThat(reversed.route(target).getClass()).as(what).isEqualTo(expected.getClass());
            List<Route> explained = table.explain(target);
            assertThat(explained.get(0)).as(what).isEqualTo(expected);
            assertThat(explained)
                    .as(what)
                    .endsWith(matching.subList(matching.get(0) == expected ? 1 : 0, matching.size())
                            .toArray(new Route[0]));
            if (target.name() != null) {
                String upper = target.name().toUpperCase(Locale.ROOT);
                assertThat(table.route(new Target(upper, target.address(), target.port(), target.transport())))
                        .as(what)
                        .isEqualTo(expected);
                assertThat(table.staysName(target.name()))
                        .as(what)
                        .isEqualTo(staysName(entries, otherwise, servers, HostNames.normalize(target.name())));
            }
        } while (picks.more());
    }

    private static List<Route> matching(List<Entry> entries, Route otherwise, Target target) {
        List<Route> routes = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.matches(normal(target), target.address(), target.port(), target.transport())) {
                routes.add(entry.route());
            }
        }
        routes.add(otherwise);
        return routes;
    }

    private static Route expected(List<Entry> entries, Route otherwise, boolean ownHostDirect, Target target) {
        Entry best = null;
        for (Entry entry : entries) {
            if (best == null && entry.matches(normal(target), target.address(), target.port(), target.transport())) {
                best = entry;
            }
        }
        Route route = best == null ? otherwise : best.route();
        if (!ownHostDirect || route instanceof Route.Direct) {
            return route;
        }
        if (OWN_NAME.equals(normal(target)) && (best == null || best.kind() != Kind.NAME)) {
            return new Route.Direct(new RouteRecord("this machine's name", "built in"));
        }
        boolean own = Arrays.equals(target.address(), OWN_ADDRESS)
                && (best == null || !(best.isOfNames() || best.isOfOneHost()));
        return own ? new Route.Direct(new RouteRecord("an address of this machine", "built in")) : route;
    }

    /** Tries every port at which a decision can change. */
    private static boolean staysName(List<Entry> entries, Route otherwise, Set<String> servers, String name) {
        if (servers.contains(name)
                || name.equals(OWN_NAME)
                || name.equals("localhost")
                || name.endsWith(".localhost")) {
            return false;
        }
        List<Entry> named = new ArrayList<>();
        Set<Integer> ports = new TreeSet<>(Set.of(1, 65535));
        for (Entry entry : entries) {
            Transport transport = entry.transport() == null ? Transport.TCP : entry.transport();
            if (entry.matches(name, null, entry.firstPort(), transport)) {
                named.add(entry);
                ports.add(Math.max(1, entry.firstPort()));
                ports.add(Math.min(65535, entry.lastPort() + 1));
            }
        }
        for (int port : ports) {
            for (Transport transport : Transport.values()) {
                Route route = matching(named, otherwise, new Target(name, null, port, transport))
                        .get(0);
                if (route instanceof Route.Refuse || (route instanceof Route.Via via && via.remoteNames())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable String normal(Target target) {
        return target.name() == null ? null : HostNames.normalize(target.name());
    }

    private static Set<String> servers(List<Entry> entries, Route otherwise) {
        Set<String> servers = new TreeSet<>();
        Stream.concat(Stream.of(otherwise), entries.stream().map(Entry::route)).forEach(route -> {
            if (route instanceof Route.Via via) {
                via.servers().forEach(server -> servers.add(server.host()));
            }
        });
        return servers;
    }

    private static void addBuiltIn(List<Entry> entries, boolean ownHostDirect) {
        List<String> blocks = new ArrayList<>(List.of("224.0.0.0/4", "ff00::/8", "255.255.255.255/32"));
        if (ownHostDirect) {
            blocks.addAll(List.of("127.0.0.0/8", "::1/128", "0.0.0.0/32", "::/128", "169.254.0.0/16", "fe80::/10"));
            entries.add(new Entry(Kind.DOMAIN, "localhost", new byte[0], 0, 0, 65535, null, builtIn(".localhost")));
        }
        for (String block : blocks) {
            String address = block.substring(0, block.indexOf('/'));
            int prefix = Integer.parseInt(block.substring(address.length() + 1));
            String text = prefix == 32 || prefix == 128 ? address : block;
            byte[] network = IpLiteral.parse(address);
            entries.add(new Entry(Kind.BLOCK, "", network, prefix, 0, 65535, null, builtIn(text)));
        }
    }

    private static Route builtIn(String text) {
        return new Route.Direct(new RouteRecord(text, "built in"));
    }

    private static Entry entry(Picks picks, String record) {
        Kind kind = Kind.values()[picks.below(Kind.values().length)];
        String text = name(picks);
        if (kind == Kind.FRAGMENT) {
            text = text.substring(picks.below(text.length()));
        } else if (kind == Kind.TEXT) {
            int stars = picks.below(4);
            text = picks.below(3) == 0 ? "10." + picks.below(3) : text;
            text = (stars & 1) == 0 ? text : "*" + text;
            text = (stars & 2) == 0 ? text : text + "*";
        }
        byte[] network = address(picks);
        int prefix = picks.below(network.length * 8 + 1);
        int first = 0;
        int last = 65535;
        if (picks.below(2) == 0) {
            first = PORTS[picks.below(PORTS.length)];
            last = Math.max(first, PORTS[picks.below(PORTS.length)]);
        }
        int transport = picks.below(4);
        return new Entry(
                kind,
                text,
                network,
                prefix,
                first,
                last,
                transport < 2 ? Transport.values()[transport] : null,
                route(picks, record));
    }

    private static Route route(Picks picks, String record) {
        RouteRecord source = new RouteRecord(record, "test");
        return switch (picks.below(4)) {
            case 0 -> new Route.Direct(source);
            case 1 -> new Route.Refuse(source);
            default -> new Route.Via(source, List.of(new Server(name(picks), 1080, picks.below(2) == 0, null)));
        };
    }

    /** A target near one of the records. */
    private static Target target(Picks picks, List<Entry> entries) {
        Entry near = entries.get(picks.below(entries.size()));
        int kind = picks.below(3);
        String name = null;
        if (kind != 0) {
            String text = near.text().replace("*", "");
            name = text.isEmpty() || text.startsWith("10.") ? name(picks) : text;
            name = switch (picks.below(6)) {
                case 0 -> "x" + name;
                case 1 -> "x." + name;
                case 2 -> name.startsWith(".") ? "a" + name : "." + name;
                case 3 -> name + ".";
                default -> name;
            };
        }
        byte[] address = null;
        if (kind != 1) {
            address =
                    near.network().length == 0 ? address(picks) : near.network().clone();
            int bit = Math.min(Math.max(0, near.prefix() - 2 + picks.below(5)), address.length * 8 - 1);
            address[bit / 8] ^= (byte) (picks.below(2) == 0 ? 0 : 0x80 >> bit % 8);
        }
        int port = Math.max(0, Math.min(65535, near.firstPort() - 1 + picks.below(3)));
        if (picks.below(2) == 0) {
            port = PORTS[picks.below(PORTS.length)];
        }
        return new Target(name, address, port, Transport.values()[picks.below(2)]);
    }

    private static String name(Picks picks) {
        String name = LABELS[picks.below(LABELS.length)];
        for (int n = picks.below(4); n > 0; n--) {
            name = LABELS[picks.below(LABELS.length)] + "." + name;
        }
        return name;
    }

    private static byte[] address(Picks picks) {
        byte[] address = IpLiteral.parse(ADDRESSES[picks.below(ADDRESSES.length)]);
        for (int n = picks.below(3); n > 0; n--) {
            address[picks.below(address.length)] ^= (byte) (1 << picks.below(8));
        }
        return address;
    }

    /** Choices that are made by octets; the first of each where there are no more. */
    private static final class Picks {
        private final byte[] octets;
        private int at;

        Picks(byte[] octets) {
            this.octets = octets;
        }

        int below(int bound) {
            return more() ? (octets[at++] & 0xFF) % bound : 0;
        }

        boolean more() {
            return at < octets.length;
        }
    }
}
