// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.route.Transport;
import dev.argyle.transport.Binding;
import dev.argyle.transport.Carrier;
import dev.argyle.transport.Connect;
import dev.argyle.transport.Connector;
import dev.argyle.transport.Listening;
import dev.argyle.transport.NameService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SocksAccepted;
import sun.nio.ch.SocksBinding;
import sun.nio.ch.SocksConnect;
import sun.nio.ch.SocksDatagramEngine;
import sun.nio.ch.SocksDatagramSocket;
import sun.nio.ch.SocksDescriptor;
import sun.nio.ch.SocksEngine;
import sun.nio.ch.SocksSeam;

/** The engine as the seam knows it: the two sides' types, one put for the other. Safe for use by any thread. */
final class SocketEngine implements SocksEngine {
    private final Connector connector;
    private final NameService names;

    private SocketEngine(Connector connector, NameService names) {
        this.connector = connector;
        this.names = names;
    }

    /** Here, so that no class that runs before the seam is defined refers to the types of the seam. */
    static void install(Connector connector, NameService names) {
        SocksSeam.install(new SocketEngine(connector, names));
    }

    @Override
    public @Nullable SocksConnect connect(
            SocksDescriptor descriptor, InetSocketAddress remote, int timeoutMillis, @Nullable Runnable whenLookedUp)
            throws IOException {
        return privileged(new PrivilegedExceptionAction<@Nullable SocksConnect>() {
            @Override
            public @Nullable SocksConnect run() throws IOException {
                Connect connect =
                        connector.connect(new DescriptorCarrier(descriptor), remote, timeoutMillis, whenLookedUp);
                return connect == null ? null : new SeamConnect(connect, connector.listening(), descriptor, remote);
            }
        });
    }

    /** The program's own frames are below ours, and a policy may grant them less than we need (up to Java 23). */
    @SuppressWarnings("removal")
    static <T extends @Nullable Object> T privileged(PrivilegedExceptionAction<T> action) throws IOException {
        try {
            return System.getSecurityManager() == null ? action.run() : AccessController.doPrivileged(action);
        } catch (PrivilegedActionException e) {
            throw (IOException) e.getException();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // a fault of ours: the JDK closes the socket for an IOException, and for that alone
            SocketException fault = new SocketException("Argyle has failed: " + e);
            fault.initCause(e);
            throw fault;
        }
    }

    @Override
    public void requireDirect(@Nullable InetSocketAddress remote, boolean datagrams, String what) throws IOException {
        privileged(new PrivilegedExceptionAction<@Nullable Void>() {
            @Override
            public @Nullable Void run() throws IOException {
                connector.guard().requireDirect(remote, datagrams ? Transport.UDP : Transport.TCP, what);
                return null;
            }
        });
    }

    @Override
    public @Nullable SocksBinding listen(InetAddress asked, int port, SelectorProvider provider, boolean ipv6)
            throws IOException {
        return privileged(new PrivilegedExceptionAction<@Nullable SocksBinding>() {
            @Override
            public @Nullable SocksBinding run() throws IOException {
                Binding binding = connector.listening().listen(asked, port, provider, ipv6);
                return binding == null ? null : new SeamBinding(binding);
            }
        });
    }

    @Override
    public SocksDatagramEngine datagrams(SocksDatagramSocket socket) {
        return new SeamDatagrams(connector.datagrams(new SeamDatagrams.Owner(socket)));
    }

    @Override
    public InetSocketAddress uncarriedDatagram(InetSocketAddress remote) throws IOException {
        return privileged(new PrivilegedExceptionAction<InetSocketAddress>() {
            @Override
            public InetSocketAddress run() throws IOException {
                return connector.guard().datagram(remote);
            }
        });
    }

    @Override
    public void join(InetAddress group) throws IOException {
        privileged(new PrivilegedExceptionAction<@Nullable Void>() {
            @Override
            public @Nullable Void run() throws IOException {
                connector.guard().join(group);
                return null;
            }
        });
    }

    @Override
    public boolean mustNotBeProbed(InetAddress address) throws IOException {
        return privileged(new PrivilegedExceptionAction<Boolean>() {
            @Override
            public Boolean run() {
                return connector.targets().mustNotBeProbed(address);
            }
        });
    }

    @Override
    public void lookedUp(String host, InetAddress[] addresses) {
        names.lookedUp(host, addresses);
    }

    @Override
    public InetAddress @Nullable [] addresses(String host) throws UnknownHostException {
        if (names.isLookingUp()) {
            return null;
        }
        return privilegedLookUp(new PrivilegedExceptionAction<InetAddress @Nullable []>() {
            @Override
            public InetAddress @Nullable [] run() throws UnknownHostException {
                return connector.targets().addresses(host);
            }
        });
    }

    @Override
    public InetSocketAddress remote(InetSocketAddress unresolved) throws UnknownHostException {
        return privilegedLookUp(new PrivilegedExceptionAction<InetSocketAddress>() {
            @Override
            public InetSocketAddress run() throws UnknownHostException {
                return connector.targets().standInFor(unresolved);
            }
        });
    }

    private static <T extends @Nullable Object> T privilegedLookUp(PrivilegedExceptionAction<T> action)
            throws UnknownHostException {
        try {
            return privileged(action);
        } catch (UnknownHostException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable String host(InetAddress address) {
        try {
            return privileged(new PrivilegedExceptionAction<@Nullable String>() {
                @Override
                public @Nullable String run() {
                    return connector.targets().host(address);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Proxy> withoutSocks(List<Proxy> proxies) {
        return WithoutSocks.of(proxies);
    }

    private record SeamBinding(Binding binding) implements SocksBinding {
        @Override
        public void begin() {
            binding.begin();
        }

        @Override
        public InetSocketAddress bound() throws IOException {
            return binding.bound();
        }

        @Override
        public void tellAt(InetSocketAddress loopback) {
            binding.tellAt(loopback);
        }

        @Override
        public @Nullable SocksAccepted take(InetSocketAddress from) throws IOException {
            Binding.Accepted accepted = binding.take(from);
            return accepted == null ? null : new SocksAccepted(accepted.channel(), accepted.peer(), accepted.local());
        }

        @Override
        public void close() {
            binding.close();
        }
    }

    private record SeamConnect(
            Connect connect, Listening listening, SocksDescriptor descriptor, InetSocketAddress remote)
            implements SocksConnect {
        @Override
        public boolean advance() throws IOException {
            return privileged(new PrivilegedExceptionAction<Boolean>() {
                @Override
                public Boolean run() throws IOException {
                    boolean stands = connect.advance();
                    InetSocketAddress own = stands ? listening.ownAddress(connect, remote) : null;
                    if (own != null) {
                        descriptor.ownAddress(own);
                    }
                    return stands;
                }
            });
        }

        @Override
        public boolean isLookingUp() {
            return connect.isLookingUp();
        }

        @Override
        public boolean awaitsReadable() {
            return connect.awaitsReadable();
        }

        @Override
        public long remainingNanos() {
            return connect.remainingNanos();
        }
    }

    private record DescriptorCarrier(SocksDescriptor descriptor) implements Carrier {
        @Override
        public boolean supportsIPv6() {
            return descriptor.supportsIPv6();
        }

        @Override
        public boolean isClosing() {
            return descriptor.isClosing();
        }

        @Override
        public void acquire() throws IOException {
            descriptor.acquire();
        }

        @Override
        public void release() throws IOException {
            descriptor.release();
        }

        @Override
        public boolean connect(InetSocketAddress address) throws IOException {
            return descriptor.connect(address);
        }

        @Override
        public boolean finishConnect() throws IOException {
            return descriptor.finishConnect();
        }

        @Override
        public int read(ByteBuffer dst) throws IOException {
            return descriptor.read(dst);
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            return descriptor.write(src);
        }

        @Override
        public void disconnect() throws IOException {
            descriptor.disconnect();
        }
    }
}
