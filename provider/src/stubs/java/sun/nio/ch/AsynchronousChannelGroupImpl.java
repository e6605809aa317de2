// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class AsynchronousChannelGroupImpl extends AsynchronousChannelGroup {
    AsynchronousChannelGroupImpl(AsynchronousChannelProvider provider) {
        super(provider);
    }
}
