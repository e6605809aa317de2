// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the seam asks of the engine. Used by any thread. */
public interface SocksEngine {
    /**
     * Decides on a connect of a stream socket and, where it is routed, begins it.
     *
     * @param descriptor the application's descriptor, not yet connected
     * @param remote the address that the application gave
     * @param timeoutMillis the application's timeout, 0 for none
     * @param whenLookedUp for a caller that must not wait for names: is run, by another thread, when the connect can be
     *     advanced again after it was looking one up. Null for a caller that can wait
     * @return the connect, of which no step has been made, or null where the route is direct
     * @throws IOException if the route refuses, or what it needs cannot be had
     */
    @Nullable
    SocksConnect connect(
            SocksDescriptor descriptor, InetSocketAddress remote, int timeoutMillis, @Nullable Runnable whenLookedUp)
            throws IOException;

    /**
     * Decides on what cannot be carried.
     *
     * @param remote the target; null if it is not known
     * @param datagrams whether it is UDP, and not TCP
     * @param what begins the message
     * @throws IOException if it must not be
     */
    void requireDirect(@Nullable InetSocketAddress remote, boolean datagrams, String what) throws IOException;

    /**
     * Decides on a datagram that cannot be carried.
     *
     * @return what to send it to: the same object, or the real address of a stand-in
     * @throws IOException if it must not be sent
     */
    InetSocketAddress uncarriedDatagram(InetSocketAddress remote) throws IOException;

    /**
     * Decides on a socket that a program binds to listen.
     *
     * @param asked the local address that the program asks for
     * @param port that it asks for, 0 for any
     * @param provider the JDK's own
     * @param ipv6 whether this machine has IPv6
     * @return null if it listens here
     * @throws IOException if it must do neither
     */
    @Nullable
    SocksBinding listen(InetAddress asked, int port, SelectorProvider provider, boolean ipv6) throws IOException;

    /** What becomes of the datagrams of a socket. */
    SocksDatagramEngine datagrams(SocksDatagramSocket socket);

    /**
     * Decides on a multicast group that a program wants to join.
     *
     * @throws IOException if it must not
     */
    void join(InetAddress group) throws IOException;

    /**
     * Tells whether nothing may be sent to find out if an address can be reached.
     *
     * @throws IOException if the engine has failed
     */
    boolean mustNotBeProbed(InetAddress address) throws IOException;

    /** Is told what the JDK's look-up has given for a name. */
    void lookedUp(String host, InetAddress[] addresses);

    /**
     * Answers for a name that must not be looked up on this machine.
     *
     * @return the stand-in, or null where the JDK shall look the name up as ever
     * @throws UnknownHostException if no stand-in can be given
     */
    InetAddress @Nullable [] addresses(String host) throws UnknownHostException;

    /**
     * Puts a stand-in in place of an unresolved address whose name must not be looked up on this machine.
     *
     * @return the same object where the JDK shall go on with it
     * @throws UnknownHostException if no stand-in can be given
     */
    InetSocketAddress remote(InetSocketAddress unresolved) throws UnknownHostException;

    /** Returns the name behind a stand-in, or null where the JDK shall look the address up as ever. */
    @Nullable
    String host(InetAddress address);

    /** Returns what is left of proxies without SOCKS. */
    List<Proxy> withoutSocks(List<Proxy> proxies);
}
