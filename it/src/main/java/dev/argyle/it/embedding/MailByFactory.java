// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Socks5SocketFactory;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.Properties;

/**
 * Connects to a mail server with Jakarta Mail, which takes a socket factory, as an object or by its class name. Where the
 * factory fails it connects without it, unless it is told not to.
 *
 * <p>Arguments: {@code object|class host port}. Prints {@code connected}, or the exception and its causes.
 */
public final class MailByFactory {
    private MailByFactory() {}

    /** Connects and leaves. */
    public static void main(String[] args) {
        Properties properties = new Properties();
        if (args[0].equals("object")) {
            properties.put("mail.smtp.socketFactory", new Socks5SocketFactory());
        } else {
            properties.put("mail.smtp.socketFactory.class", "dev.argyle.Socks5SocketFactory");
        }
        properties.put("mail.smtp.socketFactory.fallback", "false");
        try (Transport transport = Session.getInstance(properties).getTransport("smtp")) {
            transport.connect(args[1], Integer.parseInt(args[2]), null, null);
            System.out.println("connected");
        } catch (MessagingException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                System.out.println(cause);
            }
        }
    }
}
