// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.Channel;

/** The shape of the JDK's class of this name, for the compiler alone. */
interface SelChImpl extends Channel {
    FileDescriptor getFD();

    int translateInterestOps(int ops);

    boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl ski);

    boolean translateAndSetReadyOps(int ops, SelectionKeyImpl ski);

    void park(int event, long nanos) throws IOException;
}
