// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.name;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The names that the hosts file has: these are found on this machine without a query. The file is the one that the JDK is
 * told of by {@code jdk.net.hosts.file}, or else the system's.
 *
 * <pre>
 * file    = *( line newline )                     ; ISO 8859-1: every octet is a character
 * line    = [ address 1*( 1*space name ) ] [ "#" text ]
 * address = 4 decimal octets, or IPv6 without a zone
 * name    = 1*char                                ; passed over if longer than a name can be, 255 characters
 * </pre>
 *
 * Other lines are passed over, and a file that is none, or cannot be read, has no names. What the system's look-up would
 * not find in the file must not be found here either, since it then asks the DNS: a name with a dot at its end is another
 * than that without, and with {@code java.net.preferIPv4Stack} the names of IPv6 addresses are not there.
 *
 * <p>Safe for use by any thread. One thread reads; the others answer from what was read before, and wait only for the first
 * time.
 */
public final class HostsFile {
    /** So seldom the file is looked at for a change. */
    private static final long FRESH_FOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int LONGEST_NAME = 255;

    /** The length of a file that could not be read: no file has it, so that it is tried again. */
    private static final long UNREAD = -1;

    private record Content(Set<String> names, long modifiedMillis, long length, long lookedAtNanos) {
        Content lookedAt(long nanos) {
            return new Content(names, modifiedMillis, length, nanos);
        }
    }

    private final Properties systemProperties;
    private final Map<String, String> environment;
    private final LongSupplier nanoClock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Content content; // written under reading

    /** Touches nothing: which file it is and what it has is found with the first question. */
    public HostsFile() {
        this(System.getProperties(), System.getenv(), new NanoClock());
    }

    /** @param nanoClock as {@link System#nanoTime} */
    HostsFile(Properties systemProperties, Map<String, String> environment, LongSupplier nanoClock) {
        this.systemProperties = systemProperties;
        this.environment = environment;
        this.nanoClock = nanoClock;
    }

    /** Returns whether the file has the name, as it is to be looked up: a dot at its end counts, its case does not. */
    public boolean contains(String name) {
        Content known = content;
        if (known == null) {
            reading.lock();
        } else if (nanoClock.getAsLong() - known.lookedAtNanos < FRESH_FOR_NANOS || !reading.tryLock()) {
            return known.names.contains(name.toLowerCase(Locale.ROOT));
        }
        try {
            known = current(content);
            content = known;
        } finally {
            reading.unlock();
        }
        return known.names.contains(name.toLowerCase(Locale.ROOT));
    }

    private Content current(@Nullable Content before) {
        long now = nanoClock.getAsLong();
        if (before != null && now - before.lookedAtNanos < FRESH_FOR_NANOS) {
            return before;
        }
        File file = new File(path());
        // before it is read: what changes meanwhile is read again
        long modifiedMillis = file.lastModified();
        long length = file.length();
        if (before != null && before.modifiedMillis == modifiedMillis && before.length == length) {
            return before.lookedAt(now);
        }
        Set<String> names = read(file);
        return names == null
                ? new Content(Set.of(), modifiedMillis, UNREAD, now)
                : new Content(names, modifiedMillis, length, now);
    }

    private String path() {
        String told = systemProperties.getProperty("jdk.net.hosts.file");
        if (told != null) {
            return told;
        }
        if (!systemProperties.getProperty("os.name", "").startsWith("Windows")) {
            return "/etc/hosts";
        }
        String root = environment.get("SystemRoot");
        return (root == null ? "C:\\Windows" : root) + "\\System32\\drivers\\etc\\hosts";
    }

    private @Nullable Set<String> read(File file) {
        if (!file.isFile()) {
            return null; // a pipe would be waited for
        }
        Set<String> names = new HashSet<>();
        try (Reader reader =
                new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.ISO_8859_1))) {
            readLines(reader, names);
            return names;
        } catch (IOException e) {
            return null;
        }
    }

    private void readLines(Reader reader, Set<String> names) throws IOException {
        boolean ipv4Only = FamilyPreference.of(systemProperties) == FamilyPreference.IPV4_ONLY;
        StringBuilder word = new StringBuilder();
        boolean first = true;
        boolean skip = false;
        int c;
        do {
            c = reader.read();
            boolean lineEnds = c < 0 || c == '\n';
            if (c > ' ' && c != '#') {
                if (!skip && word.length() <= LONGEST_NAME) {
                    word.append((char) c);
                }
                continue;
            }
            if (word.length() > 0) {
                if (first) {
                    skip = !isAddress(word.toString(), ipv4Only);
                    first = false;
                } else if (word.length() <= LONGEST_NAME) {
                    names.add(word.toString().toLowerCase(Locale.ROOT));
                }
                word.setLength(0);
            }
            skip |= c == '#';
            if (lineEnds) {
                first = true;
                skip = false;
            }
        } while (c >= 0);
    }

    private static boolean isAddress(String text, boolean ipv4Only) {
        if (text.indexOf(':') < 0) {
            return isIpv4(text);
        }
        int dot = text.indexOf('.');
        int groupsEnd = dot < 0 ? text.length() : text.lastIndexOf(':') + 1;
        if (dot >= 0 && !isIpv4(text.substring(groupsEnd))) {
            return false;
        }
        int digits = 0;
        for (int i = 0; i < groupsEnd; i++) {
            char c = text.charAt(i);
            digits = c == ':' ? 0 : digits + 1;
            // the JDK takes zeros before the four digits of a group
            if (digits > 4 || (c != ':' && Character.digit(c, 16) < 0)) {
                return false;
            }
        }
        try {
            // in brackets it is an address or an error, and never looked up
            return InetAddress.getByName("[" + text + "]") instanceof Inet4Address || !ipv4Only;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Stricter than the JDK, as the system is: there {@code 127.1} and {@code 010.0.0.1} are no addresses. */
    private static boolean isIpv4(String text) {
        int octets = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.' && value >= 0) {
                octets++;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0 && value < 26) {
                value = Math.max(value, 0) * 10 + c - '0';
            } else {
                return false;
            }
            if (value > 255) {
                return false;
            }
        }
        return octets == 4;
    }
}
