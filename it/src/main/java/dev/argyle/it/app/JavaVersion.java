// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

/** Says which feature release it runs on. */
public final class JavaVersion {
    private JavaVersion() {}

    public static void main(String[] args) {
        System.out.println(Runtime.version().feature());
    }
}
