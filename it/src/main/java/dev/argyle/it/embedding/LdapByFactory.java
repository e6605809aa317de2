// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import java.util.Properties;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/**
 * Binds to a directory with the JDK's LDAP client, which takes a socket factory by its class name.
 *
 * <p>Arguments: {@code url connectTimeoutMillis}, 0 for none. Prints {@code bound}, or the exception and its causes.
 */
public final class LdapByFactory {
    private LdapByFactory() {}

    /** Binds and closes. */
    public static void main(String[] args) {
        Properties environment = new Properties();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, args[0]);
        environment.put(Context.SECURITY_AUTHENTICATION, "simple");
        environment.put(Context.SECURITY_PRINCIPAL, "cn=bob");
        environment.put(Context.SECURITY_CREDENTIALS, "secret");
        environment.put("java.naming.ldap.factory.socket", "dev.argyle.Socks5SocketFactory");
        if (!args[1].equals("0")) {
            environment.put("com.sun.jndi.ldap.connect.timeout", args[1]);
        }
        try {
            new InitialDirContext(environment).close();
            System.out.println("bound");
        } catch (NamingException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                System.out.println(cause);
            }
        }
    }
}
