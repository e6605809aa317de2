// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The shape of the JDK's class of this name, for the compiler alone. */
final class IOUtil {
    private IOUtil() {}

    static void configureBlocking(FileDescriptor fd, boolean blocking) throws IOException {
        throw new UnsupportedOperationException();
    }

    static int fdVal(FileDescriptor fd) {
        throw new UnsupportedOperationException();
    }

    static int read(FileDescriptor fd, ByteBuffer dst, long position, NativeDispatcher nd) throws IOException {
        throw new UnsupportedOperationException();
    }

    static int write(FileDescriptor fd, ByteBuffer src, long position, NativeDispatcher nd) throws IOException {
        throw new UnsupportedOperationException();
    }

    static long read(FileDescriptor fd, ByteBuffer[] dsts, int offset, int length, NativeDispatcher nd)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    static long write(FileDescriptor fd, ByteBuffer[] srcs, int offset, int length, NativeDispatcher nd)
            throws IOException {
        throw new UnsupportedOperationException();
    }
}
