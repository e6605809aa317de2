// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Sends back through TLS what arrives through TLS. */
final class TlsEcho implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final SSLServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(TlsEcho::daemon);
    private final Set<SSLSocket> clients = ConcurrentHashMap.newKeySet();
    private final Waiting<InetSocketAddress> visitors;

    private TlsEcho(SSLServerSocket socket, Waiting<InetSocketAddress> visitors) {
        this.socket = socket;
        this.visitors = visitors;
    }

    static TlsEcho start(InetAddress at, TlsIdentity identity, Waiting<InetSocketAddress> visitors) throws IOException {
        SSLServerSocket socket =
                (SSLServerSocket) identity.context().getServerSocketFactory().createServerSocket(0, BACKLOG, at);
        TlsEcho echo = new TlsEcho(socket, visitors);
        daemon(echo::accept).start();
        return echo;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "tls echo");
        thread.setDaemon(true);
        return thread;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) socket.accept();
                clients.add(client);
                visitors.add((InetSocketAddress) client.getRemoteSocketAddress());
                threads.execute(() -> echo(client));
            } catch (IOException | RejectedExecutionException closed) {
                // the loop's condition tells whether this was the end
            }
        }
    }

    private void echo(SSLSocket client) {
        try (client) {
            InputStream in = client.getInputStream();
            in.transferTo(client.getOutputStream());
        } catch (IOException gone) {
            // the client, or this server, had enough
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
        for (SSLSocket client : clients) {
            client.close();
        }
    }
}
