// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jmh;

import dev.argyle.route.OwnHost;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.TargetPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A look-up among 10,000 records: names, domains, what is below domains, raw suffixes, and blocks of both families. Each
 * kind of target has {@value #TARGETS} of them, in turn, so that no branch is learnt by heart. The baseline is a map that
 * has the answers ready.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteLookUpBenchmark {
    private static final int RECORDS = 10_000;
    private static final int TARGETS = 1024;

    private static final OwnHost OWN_HOST = new OwnHost() {
        @Override
        public boolean isOwnAddress(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnBroadcast(byte[] address) {
            return false;
        }

        @Override
        public boolean isOwnName(String name) {
            return false;
        }
    };

    /** Which targets are looked up. */
    @Param
    public Kind kind = Kind.DEEP_NAME;

    private final Target[] targets = new Target[TARGETS];
    private final Map<Target, Route> answers = new HashMap<>();
    private RouteTable table = new RouteTable(List.of(), RouteTable.IMPLICIT, true, OWN_HOST);
    private int next;

    /** The kinds of targets. */
    public enum Kind {
        /** Four labels below a domain that has a record. */
        DEEP_NAME,
        UNKNOWN_NAME,
        IPV4,
        IPV6,
        /** Of IPv4, in no block. */
        UNKNOWN_ADDRESS
    }

    /** Makes the table and the targets. */
    @Setup
    public void makeTable() {
        Random random = new Random(1928);
        List<RouteTable.Rule> rules = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            Route route = new Route.Via(
                    new RouteRecord("record " + i, "benchmark"),
                    List.of(new Server("server" + i % 7 + ".example", 1080, true, null)));
            rules.add(new RouteTable.Rule(pattern(i, random), route));
        }
        table = new RouteTable(rules, RouteTable.IMPLICIT, true, OWN_HOST);
        for (int i = 0; i < TARGETS; i++) {
            targets[i] = target(i, random);
            answers.put(targets[i], table.route(targets[i]));
        }
        boolean known = kind != Kind.UNKNOWN_NAME && kind != Kind.UNKNOWN_ADDRESS;
        for (Route answer : answers.values()) {
            if (known == answer instanceof Route.Direct) {
                throw new IllegalStateException(kind + ": " + answer);
            }
        }
    }

    private static TargetPattern pattern(int i, Random random) {
        return switch (i % 10) {
            case 0, 1 -> TargetPattern.name("host" + i + ".example.net", TargetPattern.ANY_PORT);
            case 2, 3 -> TargetPattern.domain("domain" + i + ".example.com", TargetPattern.ANY_PORT);
            case 4 -> TargetPattern.below("site" + i + ".example.org", TargetPattern.ANY_PORT);
            case 5 -> TargetPattern.suffix("raw" + i + ".example", TargetPattern.ANY_PORT);
            case 6, 7 -> TargetPattern.block(ipv4(i), 12 + random.nextInt(21), TargetPattern.ANY_PORT);
            default -> TargetPattern.block(ipv6(i), 40 + random.nextInt(89), TargetPattern.ANY_PORT);
        };
    }

    private Target target(int i, Random random) {
        int record = random.nextInt(RECORDS / 10) * 10;
        return switch (kind) {
            case DEEP_NAME -> new Target("a" + i + ".b.c.d.domain" + (record + 2) + ".example.com", null, 443);
            case UNKNOWN_NAME -> new Target("a" + i + ".b.c.d.domain" + (record + 1) + ".example.com", null, 443);
            case IPV4 -> new Target(null, ipv4(record + 6), 443);
            case IPV6 -> new Target(null, ipv6(record + 8), 443);
            case UNKNOWN_ADDRESS -> new Target(null, new byte[] {(byte) 203, 0, (byte) (i >> 8), (byte) i}, 443);
        };
    }

    private static byte[] ipv4(int i) {
        return new byte[] {10, (byte) (i >> 8), (byte) i, (byte) (i * 7)};
    }

    private static byte[] ipv6(int i) {
        byte[] address = new byte[16];
        address[0] = 0x20;
        address[1] = 0x01;
        for (int octet = 4; octet < 16; octet++) {
            address[octet] = (byte) (octet % 2 == 0 ? i >> 8 : i * octet);
        }
        return address;
    }

    private Target nextTarget() {
        next = next + 1 & TARGETS - 1;
        return targets[next];
    }

    /** Asks a map that has the answers. */
    @Benchmark
    public @Nullable Route baselineMap() {
        return answers.get(nextTarget());
    }

    /** Asks the table. */
    @Benchmark
    public Route measureRoute() {
        return table.route(nextTarget());
    }
}
