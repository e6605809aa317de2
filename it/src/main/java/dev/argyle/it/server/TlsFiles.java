// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A certificate and its key for a web server of another make.
 *
 * @param keyStore a PKCS12 file with both
 * @param trustStore a PKCS12 file with the certificate, for {@code javax.net.ssl.trustStore}
 */
public record TlsFiles(Path keyStore, Path trustStore) {
    /**
     * Writes a certificate for these names and addresses to an empty directory.
     *
     * @throws IOException if keytool fails or a store cannot be read or written
     */
    public static TlsFiles make(Path directory, String... names) throws IOException, InterruptedException {
        TlsIdentity identity = TlsIdentity.make(directory, names);
        return new TlsFiles(directory.resolve("keys.p12"), identity.trustStore());
    }

    /** The password of the stores and of the key, which guards nothing. */
    public String password() {
        return TlsIdentity.STORE_PASSWORD;
    }
}
