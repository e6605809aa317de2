// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A program for {@link JvmIT} to launch: does what its argument says. */
final class Talker {
    static final int FLOOD_OCTETS = 4 << 20;

    private Talker() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "talk" -> {
                System.out.println("out " + System.getProperty("word"));
                System.err.println("err " + System.getProperty("word"));
                System.exit(3);
            }
            case "flood" -> {
                // one after the other: a launcher that reads them in turn would wait for ever
                System.err.print("e".repeat(FLOOD_OCTETS));
                System.out.print("o".repeat(FLOOD_OCTETS));
            }
            case "hang" -> {
                System.out.println("hanging");
                new CountDownLatch(1).await();
            }
            case "answer" -> {
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                System.out.println("you said " + in.readLine());
                System.err.println("heard");
            }
            case "environment" -> System.getenv().forEach((name, value) -> System.out.println(name + "=" + value));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
