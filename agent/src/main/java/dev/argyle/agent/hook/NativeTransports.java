// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.agent.hook;

import dev.argyle.config.GuardMode;
import dev.argyle.config.NativeTransportMode;
import dev.argyle.observe.Log;
import dev.argyle.observe.LogLevel;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Netty's native transports, epoll, kqueue and io_uring: their connections are made in native code and pass all hooks by.
 * Netty leaves them alone where a system property says so, which each of them asks for when it is first used. In a shaded
 * copy the property has the name of the package that the copy is in. So the property is set when the class that asks for it
 * loads, which is before it runs.
 *
 * <p>Told of each class that loads, whosever it is: costs no more than a glance at the name, loads nothing. Safe for use by
 * any thread.
 */
final class NativeTransports {
    private static final String PROPERTY = ".transport.noNative";

    /** Of Netty where it is not shaded, and of copies whose texts have been left as they were. */
    private static final String NETTY = "io.netty";

    private final NativeTransportMode mode;
    private final GuardMode guard;
    private final Log log;

    /** The packages of the transports that were said to be loaded: each has one copy of its class for each loader. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param guard decides on a transport that is to be switched off and cannot be */
    NativeTransports(NativeTransportMode mode, GuardMode guard, Log log) {
        this.mode = mode;
        this.guard = guard;
        this.log = log;
    }

    /** Switches off what can be before anything loads. */
    void start() {
        if (mode == NativeTransportMode.DISABLE) {
            switchOff(NETTY);
        }
    }

    /** Takes note of a class that loads, and tells whether it must not: Netty goes on as without its library. */
    boolean isRefused(String className) {
        boolean refused = mode == NativeTransportMode.DISABLE && guard == GuardMode.ENFORCE && isNative(className);
        if (refused) {
            refuse(transport(className));
        } else {
            loaded(className);
        }
        return refused;
    }

    /** Takes note of a class that has been loaded. */
    void loaded(String className) {
        if (mode == NativeTransportMode.ALLOW) {
            return;
        }
        if (mode == NativeTransportMode.DISABLE) {
            String netty = nettyOf(className);
            if (netty != null) {
                switchOff(netty);
            }
        }
        if (isNative(className) && (mode == NativeTransportMode.WARN || guard != GuardMode.OFF)) {
            warn(transport(className));
        }
    }

    private static String transport(String className) {
        return className.substring(0, className.lastIndexOf('/')).replace('/', '.');
    }

    /**
     * Returns the package that stands for {@code io.netty} in the copy of Netty that the class is of, if it is the class
     * that decides whether a transport can be used; null for any other.
     *
     * @param className as in class files
     */
    static @Nullable String nettyOf(String className) {
        int length = className.length();
        // most names end here
        String decides = switch (length == 0 ? ' ' : className.charAt(length - 1)) {
            case 'l' -> "/channel/epoll/Epoll";
            case 'e' -> "/channel/kqueue/KQueue";
            case 'g' -> className.endsWith("/IOUring") ? "/incubator/channel/uring/IOUring" : "/channel/uring/IoUring";
            default -> null;
        };
        return decides == null || !className.endsWith(decides)
                ? null
                : className.substring(0, length - decides.length()).replace('/', '.');
    }

    /** Tells whether this is the class of a transport's native methods. It loads when the transport can be used. */
    static boolean isNative(String className) {
        return className.endsWith("/Native")
                && (className.endsWith("/channel/epoll/Native")
                        || className.endsWith("/channel/kqueue/Native")
                        || className.endsWith("/channel/uring/Native"));
    }

    /** Whatever the user has set: {@code native-transports} is how to say otherwise. */
    @SuppressWarnings("removal")
    private void switchOff(String netty) {
        String property = netty + PROPERTY;
        AccessController.doPrivileged(new Switch(property));
        if (log.isEnabled(LogLevel.DEBUG)) {
            log.log(LogLevel.DEBUG, "set the system property " + property + ", since native-transports=disable");
        }
    }

    private void refuse(String transport) {
        if (said.add(transport)) {
            log.log(
                    LogLevel.WARN,
                    "the native transport " + transport
                            + " is kept from loading: connections that it makes would go direct,"
                            + " past the SOCKS server, and it cannot be switched off in this version of Netty; guard=audit"
                            + " lets it load");
        }
    }

    private void warn(String transport) {
        if (said.add(transport)) {
            String advice = mode == NativeTransportMode.WARN
                    ? "native-transports=disable switches it off, and native-transports=allow this line"
                    : "it cannot be switched off in this version of Netty or was loaded before the agent: take its jar off the"
                            + " class path, or keep the program from using it";
            log.log(
                    LogLevel.WARN,
                    "the native transport " + transport
                            + " is loaded: connections that it makes go direct, past the SOCKS server; " + advice);
        }
    }

    /** The program's own frames are below ours, and a policy may not let them set it (up to Java 23). */
    private static final class Switch implements PrivilegedAction<@Nullable String> {
        private final String property;

        Switch(String property) {
            this.property = property;
        }

        @Override
        public @Nullable String run() {
            return System.setProperty(property, "true");
        }
    }
}
