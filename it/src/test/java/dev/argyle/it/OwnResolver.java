// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An {@code InetAddressResolverProvider} (Java 18) as an application ships one in its class path: it asks a DNS server for
 * each name and each address, by UDP, and does not wait for the answer, which it knows.
 */
final class OwnResolver {
    /** The first Java that has such providers. */
    static final int SINCE = 18;

    private static final String SOURCE = """
            package own;

            import java.io.ByteArrayOutputStream;
            import java.io.IOException;
            import java.io.UncheckedIOException;
            import java.net.DatagramPacket;
            import java.net.DatagramSocket;
            import java.net.InetAddress;
            import java.net.UnknownHostException;
            import java.net.spi.InetAddressResolver;
            import java.net.spi.InetAddressResolverProvider;
            import java.util.stream.Stream;

            public final class Resolver extends InetAddressResolverProvider implements InetAddressResolver {
                public InetAddressResolver get(Configuration configuration) {
                    return this;
                }

                public String name() {
                    return "own";
                }

                public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                    ask(host);
                    return Stream.of(InetAddress.getByName("ANSWER"));
                }

                public String lookupByAddress(byte[] address) {
                    StringBuilder name = new StringBuilder("in-addr.arpa");
                    for (byte octet : address) {
                        name.insert(0, (octet & 0xFF) + ".");
                    }
                    ask(name.toString());
                    return "own.argyle.test";
                }

                private static void ask(String name) {
                    ByteArrayOutputStream message = new ByteArrayOutputStream();
                    message.writeBytes(new byte[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
                    for (String label : name.split("[.]")) {
                        message.write(label.length());
                        message.writeBytes(label.getBytes());
                    }
                    message.writeBytes(new byte[] {0, 0, 1, 0, 1});
                    try (DatagramSocket socket = new DatagramSocket()) {
                        InetAddress server = InetAddress.getByName("SERVER");
                        socket.send(new DatagramPacket(message.toByteArray(), message.size(), server, 53));
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                }
            }
            """;

    private OwnResolver() {}

    /** Compiles one, on the JDK under test, for which it is, into what is to be an entry of a class path. */
    static void compile(Path classes, String server, String answer) throws IOException, InterruptedException {
        Path source = classes.resolve("Resolver.java");
        Files.writeString(source, SOURCE.replace("SERVER", server).replace("ANSWER", answer));
        JvmResult javac = Jvm.of("com.sun.tools.javac.Main")
                .arguments("-d", classes, source)
                .run();
        assertThat(javac.exitCode()).as(javac.toString()).isZero();
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.net.spi.InetAddressResolverProvider"), "own.Resolver\n");
    }
}
