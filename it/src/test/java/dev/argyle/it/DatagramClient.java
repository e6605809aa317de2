// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.jvm.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntFunction;

/** The programs of the clients' modules that use UDP, with what they ask and what they are told. */
enum DatagramClient {
    DNSJAVA("dnsjava", "dnsjava.DnsjavaProgram", 20, Names::name, Names::address),
    JNDI_DNS("jdk", "JndiDnsProgram", 20, Names::name, Names::address),
    SNMP4J("snmp4j", "snmp4j.SnmpProgram", 20, i -> "1.3.6.1.4.1.8072.9999." + i, Integer::toString),
    KWIK("kwik", "kwik.KwikProgram", 2, i -> Integer.toString(50_000 * i), i -> Integer.toString(50_000 * i)),
    NETTY_4_1("netty-4.1", "netty.NettyDatagramProgram", 20, i -> "datagram-" + i, i -> "datagram-" + i),
    NETTY_4_2("netty-4.2", "netty.NettyDatagramProgram", 20, i -> "datagram-" + i, i -> "datagram-" + i);

    private final String module;
    private final String mainClass;
    private final int count;
    private final IntFunction<String> asked;
    private final IntFunction<String> told;

    DatagramClient(String module, String mainClass, int count, IntFunction<String> asked, IntFunction<String> told) {
        this.module = module;
        this.mainClass = "dev.argyle.it.client." + mainClass;
        this.count = count;
        this.asked = asked;
        this.told = told;
    }

    /** A JVM that runs the program. */
    Jvm jvm() throws IOException {
        Path classes = Path.of(System.getProperty("argyle.clients"), module, "target", "classes");
        return Jvm.of(mainClass).classPath(ChannelClient.classPath(module, classes));
    }

    /** How many requests there are at once for one server. */
    int count() {
        return count;
    }

    /** What the program is to ask in its i-th request, from 1. */
    String asked(int i) {
        return asked.apply(i);
    }

    /** What it must print then. */
    String told(int i) {
        return told.apply(i);
    }

    /** The names that the DNS servers know, and their addresses. */
    private static final class Names {
        static String name(int i) {
            return "host-" + i + ".argyle.test";
        }

        static String address(int i) {
            return "192.0.2." + i;
        }
    }
}
