// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

/**
 * Connects as {@link ConnectOnce} does, then sets system properties, and connects again.
 *
 * <p>Arguments: {@code host port property=value...}. Prints what {@link ConnectOnce} prints, twice.
 */
public final class PropertiesLate {
    private PropertiesLate() {}

    /** Connects, sets, connects. */
    public static void main(String[] args) {
        ConnectOnce.main(new String[] {args[0], args[1]});
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            System.setProperty(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        ConnectOnce.main(new String[] {args[0], args[1]});
    }
}
