// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** What the JVM starts for {@code -javaagent}. */
public final class Agent {
    private Agent() {}

    /**
     * Installs the agent before the program starts, or ends the JVM if it cannot.
     *
     * @param argument {@code key=value,...}, or null
     */
    public static void premain(@Nullable String argument, Instrumentation instrumentation) {
        try {
            JarFile jar = new JarFile(ownJar(), false);
            if (underSecurityManager()) {
                // a policy grants nothing to this class, which the system class loader has loaded; what the boot loader
                // loads from now on may do all
                instrumentation.appendToBootstrapClassLoaderSearch(jar);
            }
            EngineLoader.start(jar, argument, instrumentation);
        } catch (Throwable e) {
            Refusal.refuse(e, instrumentation);
        }
    }

    /** The jar that this class is in. */
    static File ownJar() throws IOException, URISyntaxException {
        URL jar;
        if (underSecurityManager()) {
            // the one way that needs no permission, if the agent's jar is not on the class path too
            URL self = Agent.class.getResource("Agent.class");
            if (self == null) {
                throw new IOException("The agent's own jar cannot be found");
            }
            String url = self.toString();
            jar = new URL(url.substring("jar:".length(), url.indexOf("!/")));
        } else {
            jar = Agent.class.getProtectionDomain().getCodeSource().getLocation();
        }
        return new File(new URI(jar.toString()));
    }

    @SuppressWarnings("removal")
    private static boolean underSecurityManager() {
        return System.getSecurityManager() != null;
    }
}
