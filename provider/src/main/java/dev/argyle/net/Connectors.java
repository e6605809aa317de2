// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.net;

import dev.argyle.transport.Connector;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What connects by a configuration, for the packages of this library: to programs a configuration shows nothing of it. Safe
 * for use by any thread.
 */
public final class Connectors {
    private static volatile @Nullable Function<Object, Connector> source;

    private Connectors() {}

    /** Is told by the class of the configurations, when it is initialized, how to get at it. */
    public static void setSource(Function<Object, Connector> of) {
        source = of;
    }

    /** Returns what connects by this configuration, the same for all who use it. */
    public static Connector of(Object configuration) {
        return Objects.requireNonNull(source, "no configuration").apply(configuration);
    }
}
