// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a real server is to be.
 *
 * @param hosts names that this server alone resolves, and their addresses
 * @param userName the one user to ask for, or empty for no authentication
 * @param password of that user
 */
public record Setting(Map<String, String> hosts, String userName, String password) {
    /** No authentication, no names of its own. */
    public static final Setting PLAIN = new Setting(Map.of(), "", "");

    /** The same with another name; it takes root, for a mount namespace of the server's own. */
    public Setting host(String name, String address) {
        Map<String, String> more = new TreeMap<>(hosts);
        more.put(name, address);
        return new Setting(Map.copyOf(more), userName, password);
    }

    /** The same with a user. */
    public Setting user(String name, String secret) {
        return new Setting(hosts, name, secret);
    }

    boolean hasUser() {
        return !userName.isEmpty();
    }

    @Override
    public String toString() {
        return "Setting[hosts=" + hosts + ", userName=" + userName + "]";
    }
}
