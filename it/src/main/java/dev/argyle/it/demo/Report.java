// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import dev.argyle.it.jvm.JvmResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What the demo tells its reader, in lines of less than 100 columns. Confined to one thread. */
final class Report {
    private static final List<Integer> NUMBERS = List.of(3, 4);

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** Says what is about to run, before it does. */
    void introduce(String program, String flag, String server) {
        out.println(
                "Argyle demo: a plain Java program, unchanged, all of whose traffic goes through a SOCKSv5 server.");
        out.println();
        out.println("  program  " + program);
        out.println("  flag     " + flag);
        out.println("  server   " + server);
        out.println();
    }

    /**
     * Shows the connections and the query, and says whether each went through the server.
     *
     * @param clients how many the server had
     * @return whether there is no doubt about any
     */
    boolean conclude(List<Sighting> sightings, int clients, JvmResult result) {
        Table table = new Table(
                NUMBERS, "By", "What the program opened", "What the server was asked for", "Up", "Down", "Result");
        List<String> doubts = new ArrayList<>();
        for (Sighting sighting : sightings) {
            table.row(
                    sighting.connection().kind().label(),
                    sighting.connection().written(),
                    sighting.request(),
                    Long.toString(sighting.up()),
                    Long.toString(sighting.down()),
                    sighting.doubts().isEmpty() ? "ok" : "FAILED");
            sighting.doubts().forEach(doubt -> doubts.add(sighting.connection().written() + ": " + doubt));
        }
        if (doubts.isEmpty() && clients != sightings.size()) {
            doubts.add("the server had " + clients + " clients (expected: " + sightings.size() + ")");
        }
        table.lines().forEach(out::println);
        out.println();
        out.println("  By: HTTP is an HttpURLConnection, HttpClient that of java.net.http, TLS an SSLSocket that");
        out.println("  checks the certificate, TCP a Socket, Netty a Bootstrap with its NIO transport, DNS a query by");
        out.println("  UDP, with the DNS client that the JDK has in JNDI.");
        out.println("  Up and Down: bytes that the server passed on. bypass=none in the flag is for the last line:");
        out.println("  without it, connections to this machine itself go direct.");
        out.println();
        if (doubts.isEmpty()) {
            out.println(
                    "All " + sightings.size() + " went through the server: it was asked for each, each target had one");
            out.println("visitor, the server, and the program got the right answers.");
        } else {
            fail(doubts, result);
        }
        return doubts.isEmpty();
    }

    private void fail(List<String> doubts, JvmResult result) {
        out.println("Not all went through the server:");
        doubts.forEach(doubt -> out.println("  " + doubt));
        out.println();
        out.println("The program ended with status " + result.exitCode() + " and also wrote:");
        result.lines().stream().filter(line -> !Sighting.isReport(line)).forEach(line -> out.println("  " + line));
        result.err().lines().forEach(line -> out.println("  " + line));
    }

    /** Says how to go on from here. */
    void invite(String agentJar) {
        out.println();
        out.println("Do the same with your own program and your own server: start it with this one flag more.");
        out.println();
        out.println("  java -javaagent:" + agentJar + "=socks5h://your-server:1080 -jar your-program.jar");
    }
}
