// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HostsFileTest {
    private static final long FIVE_SECONDS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    private Path directory;

    private final Properties properties = new Properties();
    private final AtomicLong clock = new AtomicLong();
    private Path file;
    private HostsFile hosts;

    @BeforeEach
    void tellTheJdk() {
        file = directory.resolve("hosts");
        properties.setProperty("jdk.net.hosts.file", file.toString());
        hosts = new HostsFile(properties, Map.of(), clock::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1 target.test | target.test",
                "192.0.2.1\ttarget.test | target.test",
                "'  192.0.2.1   other.test \t target.test  ' | target.test",
                "192.0.2.1 Target.TEST | target.test",
                "192.0.2.1 target.test | TARGET.Test",
                "192.0.2.1 target.test#text | target.test",
                "192.0.2.1 target.test. | target.test.",
                "2001:db8::1 target.test | target.test",
                "::ffff:192.0.2.1 target.test | target.test",
                "0.0.0.0 target.test | target.test",
                "255.255.255.255 target.test | target.test",
            })
    void contains_nameOfLine_isTrue(String line, String name) throws Exception {
        write("# text\n\n" + line + "\r\n192.0.2.9 last.test");

        assertThat(hosts.contains(name)).isTrue();
        assertThat(hosts.contains("last.test")).isTrue();
        assertThat(hosts.contains("192.0.2.1")).isFalse();
        assertThat(hosts.contains("text")).isFalse();
        assertThat(hosts.contains("")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "target.test",
                "target.test 192.0.2.1",
                "target.test target.test",
                "#192.0.2.1 target.test",
                "192.0.2.1 #target.test",
                "192.0.2.1 other.test # target.test",
                "192.0.2.1 target.test.",
                "192.0.2.1 nottarget.test target.test2",
                "192.0.2.256 target.test",
                "192.0.2.2561 target.test",
                "192.0.2 target.test",
                "192.0.2.1. target.test",
                "192.0.2..1 target.test",
                ".192.0.2.1 target.test",
                "192.0.2.1.1 target.test",
                "0192.0.2.1 target.test",
                "192.0.2.01 target.test",
                "192.0.2.1x target.test",
                "192.0.2.99999999999 target.test",
                "2001:db8:::1 target.test",
                "2001:db8::1::2 target.test",
                "fe80::1%lo target.test",
                "[2001:db8::1] target.test",
                ": target.test",
            })
    void contains_nameOfMalformedLine_isFalse(String line) throws Exception {
        write(line + "\n192.0.2.9 last.test\n");

        assertThat(hosts.contains("target.test")).isFalse();
        assertThat(hosts.contains("last.test")).isTrue();
    }

    @Test
    void contains_nameOfIpv6AddressWithoutIpv6_isFalse() throws Exception {
        properties.setProperty("java.net.preferIPv4Stack", "true");
        write("2001:db8::1 six.test\n192.0.2.1 four.test\n::ffff:192.0.2.1 mapped.test\n");

        assertThat(hosts.contains("six.test")).isFalse();
        assertThat(hosts.contains("four.test")).isTrue();
        assertThat(hosts.contains("mapped.test")).isTrue();
    }

    @Test
    void contains_octetsThatAreNoText_doNotMatter() throws Exception {
        Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28, 0, (byte) 0xFF, '\n'});
        append("192.0.2.1 \u00e4.test target.test\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(hosts.contains("target.test")).isTrue();
        assertThat(hosts.contains("\u00c4.test")).isTrue();
    }

    @Test
    void contains_wordsWithoutEnd_arePassedOver() throws Exception {
        String longest = "a".repeat(255);
        String endless = "b".repeat(5_000_000);
        write(endless + " hidden.test\n192.0.2.1 " + longest + " " + longest + "c " + endless + " target.test\n");

        assertThat(hosts.contains(longest)).isTrue();
        assertThat(hosts.contains(longest + "c")).isFalse();
        assertThat(hosts.contains(endless)).isFalse();
        assertThat(hosts.contains("hidden.test")).isFalse();
        assertThat(hosts.contains("target.test")).isTrue();
    }

    @Test
    void contains_hugeFile_isRead() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append(i % 2 == 0 ? "0.0.0.0" : "::").append(" ads").append(i).append(".test\n");
        }
        write(text.toString());

        assertThat(hosts.contains("ads0.test")).isTrue();
        assertThat(hosts.contains("ads99999.test")).isTrue();
        assertThat(hosts.contains("ads100000.test")).isFalse();
    }

    @Test
    void contains_fileThatIsNotThere_isFalseUntilItComes() throws Exception {
        assertThat(hosts.contains("target.test")).isFalse();

        write("192.0.2.1 target.test");
        assertThat(hosts.contains("target.test")).isFalse();
        clock.addAndGet(FIVE_SECONDS);
        assertThat(hosts.contains("target.test")).isTrue();

        Files.delete(file);
        clock.addAndGet(FIVE_SECONDS);
        assertThat(hosts.contains("target.test")).isFalse();
    }

    @Test
    void contains_changedFile_isReadAgainAfterFiveSeconds() throws Exception {
        write("192.0.2.1 before.test");
        assertThat(hosts.contains("before.test")).isTrue();

        write("192.0.2.1 after.test.test");
        clock.addAndGet(FIVE_SECONDS - 1);
        assertThat(hosts.contains("before.test")).isTrue();
        clock.addAndGet(1);
        assertThat(hosts.contains("before.test")).isFalse();
        assertThat(hosts.contains("after.test.test")).isTrue();
    }

    @Test
    void contains_changedFileOfTheSameLength_isReadAgain() throws Exception {
        write("192.0.2.1 before.test");
        assertThat(hosts.contains("before.test")).isTrue();

        write("192.0.2.1 behind.test");
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 1));
        clock.addAndGet(FIVE_SECONDS);
        assertThat(hosts.contains("behind.test")).isTrue();
    }

    @Test
    void contains_unchangedFile_isNotReadAgain() throws Exception {
        write("192.0.2.1 before.test");
        FileTime modified = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, modified);
        assertThat(hosts.contains("before.test")).isTrue();

        write("192.0.2.1 behind.test"); // as long, and made to look as old
        Files.setLastModifiedTime(file, modified);
        clock.addAndGet(FIVE_SECONDS);
        assertThat(hosts.contains("before.test")).isTrue();
    }

    @Test
    void contains_directory_isFalse() throws Exception {
        Files.createDirectory(file);

        assertThat(hosts.contains("target.test")).isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void contains_pipe_isFalseAtOnce() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();

        assertThat(hosts.contains("target.test")).isFalse();
        clock.addAndGet(FIVE_SECONDS);
        assertThat(hosts.contains("target.test")).isFalse();
    }

    @Test
    void contains_pathThatIsNone_isFalse() {
        for (String path : new String[] {"", "\0", directory + "/missing/hosts"}) {
            properties.setProperty("jdk.net.hosts.file", path);
            assertThat(new HostsFile(properties, Map.of(), clock::get).contains("target.test"))
                    .isFalse();
        }
    }

    @Test
    void contains_onWindows_readsTheSystemsFile() throws Exception {
        properties.remove("jdk.net.hosts.file");
        properties.setProperty("os.name", "Windows Server 2022");
        String root = directory.resolve("root").toString();
        Path there = Path.of(root + "\\System32\\drivers\\etc\\hosts");
        Files.createDirectories(there.getParent());
        Files.writeString(there, "192.0.2.1 target.test");

        assertThat(new HostsFile(properties, Map.of("SystemRoot", root), clock::get).contains("target.test"))
                .isTrue();
        assertThat(new HostsFile(properties, Map.of(), clock::get).contains("no-name-of-this-system.test"))
                .isFalse();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void contains_noFileTold_readsTheSystemsFile() throws Exception {
        String name = Files.readAllLines(Path.of("/etc/hosts"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("127.0.0.1"))
                .findFirst()
                .orElseThrow()
                .split("\\s+")[1];

        assertThat(new HostsFile().contains(name)).isTrue();
        assertThat(new HostsFile().contains("no-name-of-this-system.test")).isFalse();
    }

    @Test
    void contains_whileAnotherThreadReads_answersFromBefore() throws Exception {
        write("192.0.2.1 before.test");
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Thread> reader = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        HostsFile slow = new HostsFile(properties, Map.of(), () -> {
            if (Thread.currentThread() == reader.get() && asked.incrementAndGet() == 2) {
                reading.countDown(); // first it asks whether to read, then it is the one that reads
                await(goOn);
            }
            return clock.get();
        });
        assertThat(slow.contains("before.test")).isTrue();
        write("192.0.2.1 afterwards.test");
        clock.addAndGet(FIVE_SECONDS);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> read = thread.submit(() -> {
                reader.set(Thread.currentThread());
                return slow.contains("afterwards.test");
            });
            reading.await();
            assertThat(slow.contains("before.test")).isTrue();

            goOn.countDown();
            assertThat(read.get()).isTrue();
            assertThat(slow.contains("before.test")).isFalse();
        } finally {
            goOn.countDown();
            thread.shutdownNow();
        }
    }

    @Test
    void contains_manyThreads_agree() throws Exception {
        write("192.0.2.1 always.test");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Future<?>[] all = new Future<?>[8];
            for (int t = 0; t < all.length; t++) {
                all[t] = threads.submit(() -> {
                    for (int i = 0; i < 2000; i++) {
                        clock.addAndGet(FIVE_SECONDS / 100);
                        assertThat(hosts.contains("always.test")).isTrue();
                        assertThat(hosts.contains("never.test")).isFalse();
                    }
                });
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private void append(byte[] octets) throws IOException {
        Files.write(file, octets, StandardOpenOption.APPEND);
    }
}
