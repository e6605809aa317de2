// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

/** Prints {@code hello}: the smallest program, for what a JVM's start costs and says. */
public final class Hello {
    private Hello() {}

    /** Prints the word and returns. */
    public static void main(String[] args) {
        System.out.println("hello");
    }
}
