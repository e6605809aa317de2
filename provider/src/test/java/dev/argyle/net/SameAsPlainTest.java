// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.Configuration;
import dev.argyle.Socks5SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same program with a socket of the platform's, one that is routed, and one that goes direct: the outcomes are equal. */
class SameAsPlainTest {
    /** A program: what it sees of a socket, step by step. */
    private interface Program {
        void run(Steps steps) throws Exception;
    }

    /** What a program is given, and what it saw. */
    private static final class Steps {
        final SocketFactory factory;
        final InetSocketAddress target;
        final List<String> seen = new ArrayList<>();

        Steps(SocketFactory factory, InetSocketAddress target) {
            this.factory = factory;
            this.target = target;
        }

        Socket connected() throws IOException {
            Socket socket = factory.createSocket();
            socket.connect(target);
            return socket;
        }

        void see(Callable<?> step) {
            try {
                seen.add(String.valueOf(step.call()));
            } catch (Exception e) {
                seen.add(e.toString());
            }
        }

        /** A step that returns nothing. */
        void doing(Step step) {
            see(() -> {
                step.run();
                return "done";
            });
        }

        void states(Socket socket) {
            see(() -> "connected " + socket.isConnected() + ", bound " + socket.isBound() + ", closed "
                    + socket.isClosed() + ", in " + socket.isInputShutdown() + ", out " + socket.isOutputShutdown());
        }

        void addresses(Socket socket) {
            see(socket::getInetAddress);
            see(socket::getPort);
            see(socket::getRemoteSocketAddress);
            see(socket::getLocalAddress);
            see(() -> Integer.signum(socket.getLocalPort()));
            see(() -> socket.toString().replaceAll("localport=\\d+", "localport=n"));
        }

        void options(Socket socket) {
            see(socket::getTcpNoDelay);
            see(socket::getSoLinger);
            see(socket::getSoTimeout);
            see(socket::getSendBufferSize);
            see(socket::getReceiveBufferSize);
            see(socket::getKeepAlive);
            see(socket::getOOBInline);
            see(socket::getTrafficClass);
            see(socket::getReuseAddress);
        }

        void set(Socket socket) {
            doing(() -> socket.setTcpNoDelay(true));
            doing(() -> socket.setSoLinger(true, 7));
            doing(() -> socket.setSoTimeout(1234));
            doing(() -> socket.setSendBufferSize(20_000));
            doing(() -> socket.setReceiveBufferSize(30_000));
            doing(() -> socket.setKeepAlive(true));
            doing(() -> socket.setOOBInline(true));
            doing(() -> socket.setTrafficClass(0x10));
            doing(() -> socket.setReuseAddress(true));
            see(() -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, false) == socket);
            see(() -> socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
            see(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            see(() -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
            see(() -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Map<String, Program> programs() {
        Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("fresh socket", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.states(socket);
            steps.addresses(socket);
            steps.options(socket);
            steps.see(socket::getInputStream);
            steps.see(socket::getOutputStream);
            steps.doing(socket::shutdownInput);
            steps.doing(() -> socket.sendUrgentData(1));
            steps.see(() -> socket.supportedOptions().equals(new Socket().supportedOptions()));
            steps.see(socket::getChannel);
            socket.close();
        });
        programs.put("options before the connect", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.set(socket);
            steps.options(socket);
            socket.connect(steps.target);
            steps.options(socket);
            socket.close();
        });
        programs.put("options after the connect", steps -> {
            Socket socket = steps.connected();
            steps.set(socket);
            steps.options(socket);
            socket.close();
            steps.options(socket);
            steps.set(socket);
        });
        programs.put("linger off and on", steps -> {
            Socket socket = steps.connected();
            socket.setSoLinger(true, 70_000);
            steps.see(socket::getSoLinger);
            socket.setSoLinger(false, 0);
            steps.see(socket::getSoLinger);
            socket.close();
        });
        programs.put("options that are none", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.doing(() -> socket.setSoTimeout(-1));
            steps.doing(() -> socket.setSendBufferSize(0));
            steps.doing(() -> socket.setReceiveBufferSize(-1));
            steps.doing(() -> socket.setTrafficClass(256));
            steps.doing(() -> socket.setSoLinger(true, -1));
            steps.see(() -> socket.setOption(null, 1));
            steps.see(() -> socket.getOption(null));
            steps.see(() -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, null));
            socket.close();
        });
        programs.put("connected socket", steps -> {
            Socket socket = steps.connected();
            steps.states(socket);
            steps.addresses(socket);
            steps.options(socket);
            steps.see(() -> socket.getInputStream() == socket.getInputStream());
            steps.see(() -> socket.getOutputStream() == socket.getOutputStream());
            steps.doing(() -> socket.connect(steps.target));
            steps.doing(() -> socket.bind(null));
            socket.close();
            steps.states(socket);
            steps.addresses(socket);
            steps.doing(() -> socket.connect(steps.target));
            steps.doing(() -> socket.bind(null));
            steps.see(socket::getInputStream);
            steps.see(socket::getOutputStream);
            steps.doing(socket::shutdownOutput);
            steps.doing(() -> socket.sendUrgentData(1));
            steps.doing(socket::close);
        });
        programs.put("closed before it is used", steps -> {
            Socket socket = steps.factory.createSocket();
            socket.close();
            steps.states(socket);
            steps.addresses(socket);
            steps.options(socket);
            steps.doing(() -> socket.connect(steps.target));
            steps.doing(() -> socket.bind(null));
        });
        programs.put("bound socket", steps -> {
            Socket socket = steps.factory.createSocket();
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 5}), 0));
            int port = socket.getLocalPort();
            steps.states(socket);
            steps.addresses(socket);
            steps.doing(() -> socket.bind(null));
            socket.connect(steps.target);
            steps.addresses(socket);
            steps.see(() -> socket.getLocalPort() == port);
            socket.close();
            steps.see(() -> socket.getLocalPort() == port);
            steps.addresses(socket);
        });
        programs.put("bound where it cannot be", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.doing(() -> socket.bind(InetSocketAddress.createUnresolved("nowhere.test", 1)));
            steps.doing(() -> socket.bind(new InetSocketAddress("192.0.2.1", 0)));
            steps.states(socket);
            socket.close();
        });
        programs.put("echo and half close", steps -> {
            Socket socket = steps.connected();
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(new byte[] {1, 2, 3});
            out.write(4);
            socket.shutdownOutput();
            steps.see(() -> new java.math.BigInteger(in.readAllBytes()));
            steps.see(in::read);
            steps.see(in::available);
            steps.see(() -> in.read(new byte[0]));
            steps.see(() -> in.read(new byte[1], 1, 1));
            steps.states(socket);
            steps.see(socket::getOutputStream);
            steps.doing(socket::shutdownOutput);
            steps.doing(() -> out.write(1));
            socket.shutdownInput();
            steps.see(socket::getInputStream);
            steps.doing(socket::shutdownInput);
            steps.states(socket);
            socket.close();
            steps.see(in::read);
            steps.doing(() -> out.write(1));
            steps.see(in::available);
        });
        programs.put("closed by a stream", steps -> {
            Socket socket = steps.connected();
            socket.getInputStream().close();
            steps.states(socket);
            steps.doing(() -> socket.getOutputStream().write(1));
            Socket other = steps.connected();
            other.getOutputStream().close();
            steps.states(other);
            steps.see(() -> other.getInputStream().read());
        });
        programs.put("read timeout", steps -> {
            Socket socket = steps.factory.createSocket();
            socket.setSoTimeout(50);
            socket.connect(steps.target);
            InputStream in = socket.getInputStream();
            steps.see(in::read);
            steps.states(socket);
            steps.see(() -> {
                socket.getOutputStream().write(9);
                socket.setSoTimeout(10_000);
                return in.read();
            });
            socket.close();
        });
        programs.put("close wakes a reader", steps -> {
            Socket socket = steps.connected();
            AtomicReference<Exception> end = new AtomicReference<>();
            InputStream in = socket.getInputStream();
            CountDownLatch reading = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                try {
                    reading.countDown();
                    in.read();
                } catch (IOException e) {
                    end.set(e);
                }
            });
            reader.start();
            reading.await();
            socket.close();
            reader.join();
            steps.see(end::get);
        });
        programs.put("connect to nothing", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.doing(() -> socket.connect(null));
            steps.doing(() -> socket.connect(steps.target, -1));
            steps.doing(() -> socket.connect(new java.net.SocketAddress() {
                private static final long serialVersionUID = 1;
            }));
            steps.states(socket);
            socket.close();
        });
        programs.put("unresolved address of a name that is looked up here", steps -> {
            Socket socket = steps.factory.createSocket();
            steps.doing(() -> socket.connect(InetSocketAddress.createUnresolved("localhost", steps.target.getPort())));
            steps.states(socket);
            steps.doing(() -> socket.connect(steps.target));
            steps.states(socket);
            socket.close();
        });
        programs.put("interrupted platform thread", steps -> {
            Thread.currentThread().interrupt();
            Socket socket = steps.connected();
            socket.getOutputStream().write(5);
            steps.see(() -> socket.getInputStream().read());
            steps.see(Thread::interrupted);
            steps.states(socket);
            socket.close();
        });
        programs.put("factory's overloads", steps -> {
            InetAddress loopback = steps.target.getAddress();
            int port = steps.target.getPort();
            InetAddress five = InetAddress.getByAddress(new byte[] {127, 0, 0, 5});
            List<Callable<Socket>> ways = List.of(
                    () -> steps.factory.createSocket("127.0.0.1", port),
                    () -> steps.factory.createSocket("localhost", port),
                    () -> steps.factory.createSocket((String) null, port),
                    () -> steps.factory.createSocket("", port),
                    () -> steps.factory.createSocket("127.0.0.1", port, five, 0),
                    () -> steps.factory.createSocket("127.0.0.1", port, null, 0),
                    () -> steps.factory.createSocket(loopback, port),
                    () -> steps.factory.createSocket(loopback, port, five, 0),
                    () -> steps.factory.createSocket("127.0.0.1", 65_536),
                    () -> steps.factory.createSocket("127.0.0.1", port, five, -1),
                    () -> steps.factory.createSocket(loopback, -1));
            for (Callable<Socket> way : ways) {
                steps.see(() -> {
                    try (Socket socket = way.call()) {
                        return socket.getRemoteSocketAddress() + " from " + socket.getLocalAddress();
                    }
                });
            }
        });
        return programs;
    }

    @TestFactory
    List<DynamicTest> program_anySocket_seesTheSame() {
        List<DynamicTest> tests = new ArrayList<>();
        programs()
                .forEach((name, program) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    try (SocksPeer target = SocksPeer.playing(SocksPeer::echo);
                            SocksPeer server = SocksPeer.serving(SocksPeer::echo)) {
                        Configuration routed = Configuration.of(server.url() + ",bypass=localhost");
                        Configuration routedAll = Configuration.of(server.url() + ",bypass=none");
                        List<String> plain = seen(program, SocketFactory.getDefault(), target);

                        assertThat(seen(program, new Socks5SocketFactory(routed), target))
                                .as("direct")
                                .isEqualTo(plain);
                        assertThat(server.visits()).isZero();
                        assertThat(seen(program, new Socks5SocketFactory(routedAll), target))
                                .as("routed")
                                .isEqualTo(plain);
                    }
                })));
        return tests;
    }

    private static List<String> seen(Program program, SocketFactory factory, SocksPeer target) throws Exception {
        Steps steps = new Steps(factory, target.address());
        program.run(steps);
        assertThat(steps.seen).isNotEmpty();
        return steps.seen;
    }
}
