// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import dev.argyle.it.app.NettyConnects;
import dev.argyle.it.app.NioConnects;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.NettyJars;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The JVMs that run {@link NioConnects} and {@link NettyConnects}, each of which gets through in one way. */
final class ConnectsJvm {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String LOOPBACK = "127.0.0.1";

    /** Of RFC 5737: there is nothing, so that what does not go through the server does not succeed. */
    private static final String BEHIND_SOCKS = "198.51.100.1";

    private static final int BEHIND_SOCKS_PORT = 7;

    private ConnectsJvm() {}

    /** Who connects, and how it gets through the server. */
    enum Way {
        DIRECT("direct", NioConnects.class, false, false),
        BY_HAND("SOCKS by hand", NioConnects.class, true, false),
        ARGYLE("Argyle", NioConnects.class, false, true),
        NETTY_DIRECT("Netty, direct", NettyConnects.class, false, false),
        NETTY_HANDLER("Netty, Socks5ProxyHandler", NettyConnects.class, true, false),
        NETTY_ARGYLE("Netty, Argyle", NettyConnects.class, false, true);

        private final String label;
        private final Class<?> program;
        private final boolean ownSocks;
        private final boolean agent;

        Way(String label, Class<?> program, boolean ownSocks, boolean agent) {
            this.label = label;
            this.program = program;
            this.ownSocks = ownSocks;
            this.agent = agent;
        }

        /** The name in a table. */
        String label() {
            return label;
        }

        /** What it is compared with: the same program with a handshake that is not the agent's. */
        Way baseline() {
            return program == NettyConnects.class ? NETTY_HANDLER : BY_HAND;
        }

        /** Whether it needs the SOCKS server. */
        boolean isRouted() {
            return ownSocks || agent;
        }
    }

    /** Starts the program, by another command if one is given. */
    static Measured start(Way way, Path home, Options options, InstantServer server, String... under)
            throws IOException {
        Jvm jvm = Jvm.of(way.program)
                .home(home)
                .classPath(NettyJars.and(options.demoJar()))
                .timeout(LONGEST)
                .under(under);
        if (way.agent) {
            jvm.options("-javaagent:" + options.agentJar() + "=socks5h://" + LOOPBACK + ":" + server.socksPort());
        }
        if (way.isRouted()) {
            jvm.arguments(BEHIND_SOCKS, BEHIND_SOCKS_PORT);
        } else {
            jvm.arguments(LOOPBACK, server.acceptPort());
        }
        if (way.ownSocks) {
            jvm.arguments(LOOPBACK, server.socksPort());
        }
        return new Measured(jvm.start());
    }
}
