// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the one file that users take, and where. */
class AgentJarIT {
    private static final String NESTED = "META-INF/argyle/";

    private final Map<String, byte[]> files = read();

    private static Map<String, byte[]> read() {
        Map<String, byte[]> files = new TreeMap<>();
        try (JarFile jar = new JarFile(System.getProperty("argyle.agent.jar"))) {
            for (JarEntry entry :
                    jar.stream().filter(each -> !each.isDirectory()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return files;
    }

    @Test
    void classPath_seesTheEntryAlone() {
        assertThat(files.keySet().stream().filter(name -> !name.startsWith(NESTED)))
                .containsExactlyInAnyOrder(
                        "META-INF/MANIFEST.MF",
                        "META-INF/LICENSE",
                        "dev/argyle/agent/Agent.class",
                        "dev/argyle/agent/EngineLoader.class",
                        "dev/argyle/agent/EngineLoader$1.class",
                        "dev/argyle/agent/Main.class",
                        "dev/argyle/agent/Refusal.class",
                        "dev/argyle/agent/Refusal$1.class");
    }

    @Test
    void seam_isItsOwnClassesAndNoStub() {
        assertThat(files.keySet().stream().filter(name -> name.contains("sun/") || name.contains("java/")))
                .containsExactlyInAnyOrder(
                        NESTED + "argyle-seam/java/net/Socks5DatagramSocketImpl.class",
                        NESTED + "argyle-seam/java/net/Socks5DatagramSocketImplFactory.class",
                        NESTED + "argyle-seam/java/net/Socks5ServerSocketImpl.class",
                        NESTED + "argyle-seam/java/net/Socks5ServerSocketImplFactory.class",
                        NESTED + "argyle-seam/java/net/Socks5SocketImpl.class",
                        NESTED + "argyle-seam/java/net/Socks5SocketImplFactory.class",
                        NESTED + "argyle-seam/java/net/SocksSocketImplGate.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksAccepted.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksAsynchronousConnect.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksBinding.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksChannelConnect.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksChannelInternals.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksChannels.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksConnect.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDaemon.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramConnection.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramEngine.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramInternals.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramPeer.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramReceiver.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramSender.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagramSocket.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagrams$Streams.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDatagrams.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDeadPort.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDeadlines.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksDescriptor.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksEngine.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksGuard.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksInternals.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksListenInternals.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksListener.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksListeners.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksPlatformDatagrams$Action.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksPlatformDatagrams.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksPlatformListener.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksPlatformSocket.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksSeam.class",
                        NESTED + "argyle-seam/sun/nio/ch/SocksSelectableConnect.class");
    }

    /** What is beside its packages and the seam would be a package of the module, or of no use. */
    @Test
    void library_isAModuleWithItsPackagesAndTheSeam() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("argyle.provider.jar"))) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> !name.endsWith("/")))
                    .contains("module-info.class", "argyle-seam/java/net/Socks5SocketImpl.class")
                    .allMatch(name -> name.matches("module-info.class|META-INF/(MANIFEST.MF|LICENSE)"
                            + "|dev/argyle/.*|argyle-seam/(sun/nio/ch|java/net)/Socks[^/]*"));
        }
    }

    @Test
    void engine_isTheProviderTheHooksAndRelocatedAsm() {
        assertThat(files.keySet().stream()
                        .filter(name -> name.startsWith(NESTED) && name.endsWith(".class"))
                        .map(name -> name.substring(NESTED.length(), name.lastIndexOf('/')))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "argyle-seam/java/net",
                        "argyle-seam/sun/nio/ch",
                        "dev/argyle",
                        "dev/argyle/agent/cli",
                        "dev/argyle/agent/hook",
                        "dev/argyle/config",
                        "dev/argyle/name",
                        "dev/argyle/net",
                        "dev/argyle/observe",
                        "dev/argyle/protocol",
                        "dev/argyle/route",
                        "dev/argyle/transport",
                        "dev/argyle/shaded/bytebuddy/jar/asm");
        assertThat(files).containsKeys(NESTED + "META-INF/LICENSE", NESTED + "META-INF/NOTICE");
    }

    @Test
    void classes_areOfJava17_andNameNoUnrelocatedByteBuddy() {
        files.forEach((name, octets) -> {
            if (name.endsWith(".class")) {
                // ASM itself is built for older releases
                assertThat(octets[7]).as(name).isLessThanOrEqualTo((byte) 61);
                assertThat(new String(octets, ISO_8859_1)).as(name).doesNotContain("net/bytebuddy");
            }
        });
    }

    @Test
    void manifest_saysWhatTheJvmNeeds() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("argyle.agent.jar"))) {
            Map<String, String> attributes = new TreeMap<>();
            jar.getManifest()
                    .getMainAttributes()
                    .forEach((key, value) -> attributes.put(key.toString(), value.toString()));
            attributes.remove("Ant-Version");
            assertThat(attributes)
                    .isEqualTo(Map.of(
                            "Manifest-Version", "1.0",
                            "Created-By", "Apache Maven",
                            "Implementation-Title", "Argyle",
                            "Implementation-Version", "0.1.0",
                            "Main-Class", "dev.argyle.agent.Main",
                            "Add-Opens", "java.base/java.net",
                            "Premain-Class", "dev.argyle.agent.Agent",
                            "Can-Retransform-Classes", "true"));
        }
    }
}
