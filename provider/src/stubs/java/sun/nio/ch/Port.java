// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class Port extends AsynchronousChannelGroupImpl {
    Port(AsynchronousChannelProvider provider) {
        super(provider);
    }

    abstract void startPoll(int fd, int events);
}
