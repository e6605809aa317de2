// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.embedding.InstallFirst;
import dev.argyle.it.embedding.SelectFirst;
import dev.argyle.it.jvm.Jvm;
import java.nio.file.Path;

/** The ways in: how a program's sockets come to be routed. */
enum Way {
    /** The agent, with its hooks in the JDK's code. */
    HOOKS {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return Jvm.of(program).agent("proxy=" + proxy + ",bypass=" + bypass);
        }
    },
    /** The agent, at the JDK's plug-in points alone. */
    FACTORIES {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return Jvm.of(program).agent("proxy=" + proxy + ",bypass=" + bypass + ",hooks=factories");
        }
    },
    /** The library on the class path, installed by the program. */
    LIBRARY {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return configured(InstallFirst.class, proxy, bypass)
                    .classPath(programs(), library())
                    .options("--add-opens", "java.base/java.net=ALL-UNNAMED")
                    .arguments(program.getName());
        }
    },
    /** The library on the module path, installed by the program. */
    LIBRARY_MODULE {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return configured(InstallFirst.class, proxy, bypass)
                    .options("-p", library().toString(), "--add-modules", MODULE)
                    .options("--add-opens", "java.base/java.net=" + MODULE)
                    .arguments(program.getName());
        }
    },
    /** A factory that the program is told to take its sockets from, by an argument of its own. */
    SOCKET_FACTORY {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return configured(program, proxy, bypass)
                    .classPath(programs(), library())
                    .arguments("factory=dev.argyle.Socks5SocketFactory");
        }
    },
    /** The JDK's own SOCKS client, which is told of the servers. */
    SELECTOR {
        @Override
        Jvm jvm(Class<?> program, String proxy, String bypass) {
            return configured(SelectFirst.class, proxy, bypass)
                    .classPath(programs(), library())
                    .arguments(program.getName());
        }
    };

    private static final String MODULE = "dev.argyle.provider";

    /** A JVM that will run the program, with its sockets routed; more arguments may be added for the program. */
    abstract Jvm jvm(Class<?> program, String proxy, String bypass);

    /** Whether a name that the program looks up is left to the server: else this machine must know it. */
    boolean leavesLookUpsToTheServer() {
        return this == HOOKS;
    }

    private static Jvm configured(Class<?> main, String proxy, String bypass) {
        return Jvm.of(main).property("argyle.proxy", proxy).property("argyle.bypass", bypass);
    }

    private static Path programs() {
        return Path.of(System.getProperty("argyle.demo.jar"));
    }

    private static Path library() {
        return Path.of(System.getProperty("argyle.provider.jar"));
    }
}
