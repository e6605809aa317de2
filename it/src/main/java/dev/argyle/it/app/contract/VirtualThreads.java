// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.lang.reflect.Method;

/** Virtual threads by reflection, since the program is compiled for Java 17. */
final class VirtualThreads {
    private static final int FIRST_RELEASE = 21;

    private VirtualThreads() {}

    static boolean available() {
        return Runtime.version().feature() >= FIRST_RELEASE;
    }

    /** A case that only says so where there are none. */
    static Case whereAvailable(Case body) {
        return scene -> {
            if (available()) {
                body.run(scene);
            } else {
                scene.say("not available");
            }
        };
    }

    static Thread unstarted(Runnable body) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(builder, body);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no virtual threads before release " + FIRST_RELEASE, e);
        }
    }
}
