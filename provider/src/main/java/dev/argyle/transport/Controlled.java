// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;

/** What has a control connection that {@link Controls} carries. */
interface Controlled {
    /** Returns the JDK's own provider, which makes the connection. */
    SelectorProvider provider();

    /** Goes on as far as it can; called by the daemon. */
    void goOn(Selector awaited);

    /** How long it may take until the next step if nothing comes: {@link Long#MAX_VALUE} without limit. Asked by the daemon. */
    long remainingNanos();

    /** Is told that there is no daemon, and that nothing will come of it. */
    void failed(IOException reason);
}
