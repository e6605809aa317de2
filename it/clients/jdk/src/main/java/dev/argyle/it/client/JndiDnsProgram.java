// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client;

import java.net.URI;
import java.util.Hashtable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Asks DNS servers for addresses with JNDI, each time with a context of its own.
 *
 * <p>Arguments: URIs {@code udp://server:port/name}. Prints the first address of each.
 */
public final class JndiDnsProgram {
    private JndiDnsProgram() {}

    public static void main(String[] uris) throws InterruptedException {
        Requests.send(uris, uri -> CompletableFuture.supplyAsync(() -> ask(uri)));
    }

    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // names of the test's own server; JNDI takes a Hashtable
    private static String ask(URI uri) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://" + uri.getAuthority() + "/");
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                return context.getAttributes(uri.getPath().substring(1), new String[] {"A"})
                        .get("A")
                        .get()
                        .toString();
            } finally {
                context.close();
            }
        } catch (NamingException e) {
            throw new CompletionException(e);
        }
    }
}
