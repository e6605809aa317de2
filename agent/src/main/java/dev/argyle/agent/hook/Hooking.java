// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.Argyle;
import dev.argyle.config.HookMode;
import dev.argyle.config.Settings;
import dev.argyle.name.StandIns;
import dev.argyle.net.Factories;
import dev.argyle.net.Installed;
import dev.argyle.net.Seam;
import dev.argyle.net.SystemNames;
import dev.argyle.observe.Log;
import dev.argyle.transport.Connector;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Map;
import java.util.Set;

/** Puts the engine behind the seam, then what reaches it before it: the hooks, or the factories. */
final class Hooking {
    private Hooking() {}

    /** Returns what others are told who find the engine installed. */
    static Map<String, Object> install(Settings settings, Log log, Instrumentation instrumentation)
            throws IOException, ReflectiveOperationException, UnmodifiableClassException {
        openJavaNet(instrumentation);
        Connector connector;
        Map<String, Object> description;
        if (settings.hooks() == HookMode.FACTORIES) {
            connector = new Connector(
                    settings, StandIns.ofThisJvm(settings.standIns(), System.nanoTime()), new SystemNames(), log);
            description = Installed.describe(Argyle.version(), settings, connector);
            Factories.install(connector, description);
        } else {
            SelfCheck.run(log);
            Seam.define(true);
            RealNames names = new RealNames();
            connector = new Connector(settings, StandIns.ofThisJvm(settings.standIns(), System.nanoTime()), names, log);
            description = Installed.describe(Argyle.version(), settings, connector);
            Seam.install(connector, names);
            NativeTransports nativeTransports =
                    new NativeTransports(settings.nativeTransports(), settings.uncarried(), log);
            nativeTransports.start();
            new HookTransformer(nativeTransports).install(instrumentation);
        }
        connector.start();
        return description;
    }

    /** To the engine's loader alone; at run time a package that is open is exported too. */
    private static void openJavaNet(Instrumentation instrumentation) {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.net", Set.of(Hooking.class.getModule())),
                Set.of(),
                Map.of());
    }
}
