// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;

/** The shape of the JDK's class of this name, for the compiler alone. */
public abstract class SelectorProviderImpl extends SelectorProvider {
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        throw new UnsupportedOperationException();
    }
}
