// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys of the configuration: the same in every source. The README's table is this one. */
public enum Key {
    PROXY(
            "proxy",
            null,
            "servers in the order in which they are tried: [socks5h://|socks5://][user:password@]host[:port],..."),
    ROUTES("routes", null, "files of lines 'destination[/prefix][:port[-port]] server,...|NONE|REFUSE [tcp|udp]'"),
    CREDENTIALS("credentials", null, "file of lines 'host[:port] user password', readable by its owner only"),
    CREDENTIALS_SHARED(
            "credentials.shared",
            "false",
            "true: others may read the files with passwords in them (a container's secrets)"),
    BYPASS(
            "bypass",
            "",
            "targets reached directly: name, *.below, .domain, address, address/prefix, *, each with :port;"
                    + " none: not even this machine"),
    GUARD(
            "guard",
            null,
            "what cannot be carried, and what no record covers: enforce, refuse both; audit, report both; off;"
                    + " without a value only what cannot be carried is refused"),
    UDP("udp", "on", "datagrams that are routed: on, the server carries them; off, they go direct; refuse"),
    UDP_RELAY(
            "udp.relay",
            "server",
            "where a server's relay of datagrams may be: server, at an address of its own; any, wherever it says"),
    BIND(
            "bind",
            "",
            "listening sockets that are opened at a server, by BIND: *, port:N[-M], local:address[/prefix] (what they ask"
                    + " for), peer:target (as in bypass; active FTP)"),
    NAMES_LOCAL(
            "names.local",
            "hosts",
            "names looked up here although they are routed: hosts, those of the hosts file; name, *.below, .domain;"
                    + " none"),
    NAMES_RANGE("names.range", "198.18.0.0/15,100::/64", "blocks that stand-in addresses are taken from"),
    NAMES_REVERSE("names.reverse", "on", "whether addresses are looked up for the name fragments of routes: on, off"),
    CONNECT_TIMEOUT(
            "connect.timeout",
            "30s",
            "for reaching a server and agreeing on a method, before the next is tried: 500ms, 10s, 2m"),
    HANDSHAKE_TIMEOUT(
            "handshake.timeout",
            "130s",
            "for the server's reply to the request, its own connect to the target included"),
    ON_FAILURE("on-failure", "refuse", "when no server can be reached: refuse, or direct"),
    MAIN_CLASS("main-class", null, "only in JVMs with this main class or jar file: names, * for any characters"),
    HOOKS(
            "hooks",
            "all",
            "what the agent installs: all, its hooks in the JDK's code; factories, the JDK's plug-in points alone"),
    NATIVE_TRANSPORTS(
            "native-transports",
            "disable",
            "Netty's epoll, kqueue and io_uring, which pass the JDK by: disable, warn when one is loaded, or allow"),
    LOG("log", "warn", "off, error, warn, info, debug"),
    QUIET("quiet", "false", "true: nothing on standard error, but for what ends the JVM"),
    CONFIG("config", null, "properties file with these keys; not within a file");

    private final String text;
    private final @Nullable String defaultValue;
    private final String description;

    Key(String text, @Nullable String defaultValue, String description) {
        this.text = text;
        this.defaultValue = defaultValue;
        this.description = description;
    }

    /** Returns the key as written in an agent argument and in a file. */
    public String text() {
        return text;
    }

    /** Returns the value that holds where no source gives one, or null if there is none. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** Returns what the key sets and which values it takes, in one line. */
    public String description() {
        return description;
    }

    /** Returns the name of the system property. */
    public String property() {
        return SystemProperties.PREFIX + text;
    }

    /** Returns the name of the environment variable. */
    public String variable() {
        return Environment.PREFIX + text.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** Returns the key with this text, or null. */
    static @Nullable Key of(String text) {
        for (Key key : values()) {
            if (key.text.equals(text)) {
                return key;
            }
        }
        return null;
    }

    /** Returns the key as it is written in an agent argument and in a file. */
    @Override
    public String toString() {
        return text;
    }
}
