// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.route.OwnHost;
import dev.argyle.route.Route;
import dev.argyle.route.Target;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** What a JVM is started with, for tests. */
final class Sources {
    static final OwnHost OWN_HOST = new OwnHost() {
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

    private @Nullable String argument;
    private String socks5cConf = "/no/such/socks5c.conf";
    private final Map<String, String> environment = new HashMap<>();
    private final Properties properties = new Properties();

    static Sources argument(@Nullable String argument) {
        Sources sources = new Sources();
        sources.argument = argument;
        return sources;
    }

    static Sources none() {
        return new Sources();
    }

    Sources withArgument(String text) {
        argument = text;
        return this;
    }

    Sources variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Sources property(String name, String value) {
        properties.setProperty(name, value);
        return this;
    }

    /** What stands in place of /etc/socks5c.conf; it is not there otherwise. */
    Sources socks5cConf(Path path) {
        socks5cConf = path.toString();
        return this;
    }

    Settings load() throws ConfigurationException {
        return SettingsLoader.load(argument, environment, properties, OWN_HOST, socks5cConf);
    }

    /** Returns the message of the error that loading ends with. */
    String error() {
        return Assertions.catchThrowableOfType(ConfigurationException.class, this::load)
                .getMessage();
    }

    /** Returns {@code direct by record}, {@code refuse by record} or {@code via servers by record}. */
    static String route(Settings settings, String target, int port) {
        return route(settings, new Target(target, null, port));
    }

    static String route(Settings settings, Target target) {
        Route route = settings.routes().route(target);
        String other = route instanceof Route.Refuse ? "refuse" : "direct";
        String decision = route instanceof Route.Via via ? "via " + via.servers() : other;
        return decision + " by " + route.record();
    }
}
