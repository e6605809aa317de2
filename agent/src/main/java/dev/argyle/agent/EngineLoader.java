// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.security.AccessController;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of the engine and of Byte Buddy's ASM, which are nested in the agent's jar, so that the application
 * neither sees them nor brings in its own. Its parent is the boot loader: nothing of the application's class path can get
 * in here. Its classes may do all, whatever a security policy grants to the application.
 */
public final class EngineLoader extends ClassLoader {
    private static final String NESTED = "META-INF/argyle/";
    private static final String ENTRY = "dev.argyle.agent.hook.Startup";

    static {
        registerAsParallelCapable();
    }

    private static boolean startedUnderSecurityManager; // guarded by the class
    private static volatile @Nullable Map<String, Object> installed;

    private final JarFile jar;
    private final ProtectionDomain domain;
    private final @Nullable String version;

    private EngineLoader(JarFile jar) throws IOException {
        super("argyle", null);
        this.jar = jar;
        Permissions all = new Permissions();
        all.add(new AllPermission());
        domain = new ProtectionDomain(new CodeSource((URL) null, (Certificate[]) null), all);
        version = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    }

    /**
     * Hands over to the engine in a loader of its own. Public, since under a security manager the caller is in another
     * loader; there it works once, or a program without permissions could bring in an engine of its own.
     *
     * @throws IllegalArgumentException if the user must change something; the message says all
     * @throws Exception if the engine cannot start
     */
    @SuppressWarnings("removal")
    public static void start(JarFile jar, @Nullable String argument, Instrumentation instrumentation) throws Exception {
        if (System.getSecurityManager() == null) {
            run(jar, argument, instrumentation);
            return;
        }
        synchronized (EngineLoader.class) {
            if (startedUnderSecurityManager) {
                throw new IllegalArgumentException("Under a security manager the agent can be given once only");
            }
            startedUnderSecurityManager = true;
        }
        AccessController.doPrivileged(new PrivilegedAction<@Nullable Void>() {
            @Override
            public @Nullable Void run() {
                try {
                    EngineLoader.run(jar, argument, instrumentation);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return null;
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static void run(JarFile jar, @Nullable String argument, Instrumentation instrumentation) throws Exception {
        BiFunction<@Nullable String, Instrumentation, @Nullable Map<String, Object>> engine =
                (BiFunction<@Nullable String, Instrumentation, @Nullable Map<String, Object>>) entry(jar, ENTRY);
        installed = engine.apply(argument, instrumentation);
    }

    /** Makes an object of a class that is nested in the jar, in a loader of its own. */
    static Object entry(JarFile jar, String className) throws IOException, ReflectiveOperationException {
        return new EngineLoader(jar).loadClass(className).getConstructor().newInstance();
    }

    /**
     * Returns what the engine says of itself to a library of ours that the program has, in types of the JDK; null if the
     * agent does nothing in this JVM. The library finds this method by its name.
     */
    public static @Nullable Map<String, Object> installed() {
        return installed;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = read(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        String packageName = name.substring(0, name.lastIndexOf('.'));
        if (getDefinedPackage(packageName) == null) {
            try {
                definePackage(packageName, null, null, null, "Argyle", version, null, null);
            } catch (IllegalArgumentException e) {
                // another thread was first: it stands as it should
                if (getDefinedPackage(packageName) == null) {
                    throw e;
                }
            }
        }
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        byte[] bytes = read(name);
        return bytes == null ? null : new java.io.ByteArrayInputStream(bytes);
    }

    private byte @Nullable [] read(String name) {
        JarEntry entry = jar.getJarEntry(NESTED + name);
        if (entry == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = new byte[(int) entry.getSize()];
            in.readNBytes(bytes, 0, bytes.length);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(jar.getName() + ": " + entry.getName(), e);
        }
    }
}
