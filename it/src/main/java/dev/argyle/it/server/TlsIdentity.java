// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate and its key, made at run time with the running JDK's {@code keytool}. */
final class TlsIdentity {
    /** Of the key store and the trust store; they guard nothing. */
    static final String STORE_PASSWORD = "changeit";

    private static final String ALIAS = "target";
    private static final int KEYTOOL_SECONDS = 60;

    private final SSLContext context;
    private final Path trustStore;

    private TlsIdentity(SSLContext context, Path trustStore) {
        this.context = context;
        this.trustStore = trustStore;
    }

    /**
     * Makes a certificate for the given names and addresses.
     *
     * @throws IOException if keytool fails or a store cannot be read or written
     */
    static TlsIdentity make(Path directory, String... names) throws IOException, InterruptedException {
        Path keyStore = directory.resolve("keys.p12");
        generate(keyStore, names);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                keys.load(in, STORE_PASSWORD.toCharArray());
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, STORE_PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            Path trustStore = directory.resolve("trust.p12");
            trust(keys.getCertificate(ALIAS), trustStore);
            return new TlsIdentity(context, trustStore);
        } catch (GeneralSecurityException failure) {
            throw new IOException("cannot use the key store that keytool made", failure);
        }
    }

    private static void generate(Path keyStore, String... names) throws IOException, InterruptedException {
        String alternatives = Arrays.stream(names)
                .map(name -> (name.matches("[0-9.]+|.*:.*") ? "ip:" : "dns:") + name)
                .collect(Collectors.joining(","));
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Path output = keyStore.resolveSibling("keytool.log");
        ProcessBuilder builder = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + names[0],
                        "-ext",
                        "san=" + alternatives,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // an agent for the program under test has no business here
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        Process process = builder.start();
        if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("keytool did not end in " + KEYTOOL_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool failed: " + Files.readString(output));
        }
    }

    private static void trust(Certificate certificate, Path trustStore) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        try (OutputStream out = Files.newOutputStream(trustStore)) {
            trusted.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    SSLContext context() {
        return context;
    }

    Path trustStore() {
        return trustStore;
    }
}
