// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class NativeDispatcher {
    void close(FileDescriptor fd) throws IOException {
        throw new UnsupportedOperationException();
    }

    void dup(FileDescriptor fd1, FileDescriptor fd2) throws IOException {
        throw new UnsupportedOperationException();
    }
}
