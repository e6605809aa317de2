// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.config.Settings;
import dev.argyle.name.StandIns;
import dev.argyle.observe.Log;
import dev.argyle.transport.Connector;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import sun.nio.ch.SocksSeam;

/** Puts the engine behind the seam, then the hooks before it. Needs the seam's classes, so it is loaded after them. */
final class Hooking {
    private Hooking() {}

    static void install(Settings settings, Log log, Instrumentation instrumentation) throws UnmodifiableClassException {
        RealNames names = new RealNames();
        Connector connector = new Connector(settings, new StandIns(System.nanoTime()), names, log);
        SocksSeam.install(new SocketEngine(connector, names));
        new HookTransformer().install(instrumentation);
        connector.start();
    }
}
