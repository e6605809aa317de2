// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.net.SocketFactory;

/**
 * What the program was told of the targets.
 *
 * <p>Arguments are {@code key=value}: {@code contract}, {@code sockets}, {@code channels}, {@code datagrams} or
 * {@code listening}; {@code host}, the targets' numeric address; {@code direct}, that of targets whose route is direct;
 * {@code name} and {@code otherName}, host names of the targets; {@code factory}, a class of the program's class path,
 * for a program whose sockets a SocketFactory makes; {@code keystore} and {@code password}, a PKCS12 file for TLS on
 * both sides; {@code only}, a regular expression of case names; {@code pending=only} or {@code pending=none}, for the
 * cases whose connects never end or the others; any other key is a target's role and its port: {@code echo}, {@code
 * silent}, {@code refused}, {@code stalled} (which never completes a connection); for datagrams {@code echo}, {@code
 * second}, {@code silent}, {@code dead}, {@code echo6} at ::1, {@code directEcho}, {@code directDead}; for listening
 * {@code echo} and {@code visit}, which connects to where it is told, besides {@code listen}, the address to listen at,
 * and {@code local}, another whose route is direct.
 */
final class World {
    private final Map<String, String> words = new LinkedHashMap<>();
    private final Map<Integer, String> roles = new TreeMap<>();
    private final SocketFactory sockets;

    World(String[] args) {
        for (String argument : args) {
            int equals = argument.indexOf('=');
            String key = argument.substring(0, equals);
            String value = argument.substring(equals + 1);
            words.put(key, value);
            if (value.matches("\\d{1,5}") && !key.equals("password")) {
                roles.put(Integer.parseInt(value), key);
            }
        }
        String factory = words.get("factory");
        sockets = factory == null ? new NewSockets() : made(factory);
    }

    /** As drivers do that are given the name of a class. */
    private static SocketFactory made(String factory) {
        try {
            return Class.forName(factory)
                    .asSubclass(SocketFactory.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no factory: " + factory, e);
        }
    }

    /** Makes each socket whose case does not say how it is made. */
    SocketFactory sockets() {
        return sockets;
    }

    String host() {
        return word("host");
    }

    InetAddress address() {
        try {
            return InetAddress.getByName(host());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host must be numeric", e);
        }
    }

    int port(String role) {
        return Integer.parseInt(word(role));
    }

    InetSocketAddress at(String role) {
        return new InetSocketAddress(address(), port(role));
    }

    String word(String key) {
        String value = words.get(key);
        if (value == null) {
            throw new IllegalArgumentException("missing argument: " + key + "=...");
        }
        return value;
    }

    String word(String key, String otherwise) {
        return words.getOrDefault(key, otherwise);
    }

    /** The targets' roles by port. */
    Map<Integer, String> roles() {
        return roles;
    }
}
