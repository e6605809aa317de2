// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import dev.argyle.it.app.MulticastSockets;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;

/** What a program can take for a DatagramSocket; the text is the beginning of the cases' names. */
enum DatagramKind {
    SOCKET("DatagramSocket") {
        @Override
        DatagramSocket bound() throws IOException {
            return new DatagramSocket();
        }

        @Override
        DatagramSocket unbound() throws IOException {
            return new DatagramSocket((SocketAddress) null);
        }
    },
    MULTICAST("MulticastSocket") {
        @Override
        DatagramSocket bound() throws IOException {
            return MulticastSockets.open();
        }

        @Override
        DatagramSocket unbound() throws IOException {
            return new MulticastSocket((SocketAddress) null);
        }
    },
    ADAPTOR("DatagramChannel.socket()") {
        @Override
        DatagramSocket bound() throws IOException {
            return DatagramChannel.open().bind(null).socket();
        }

        @Override
        DatagramSocket unbound() throws IOException {
            return DatagramChannel.open().socket();
        }
    };

    private final String text;

    DatagramKind(String text) {
        this.text = text;
    }

    /** A socket at a port of the system's choice. */
    abstract DatagramSocket bound() throws IOException;

    abstract DatagramSocket unbound() throws IOException;

    /** A bound one, closed at the end of the case. */
    DatagramSocket open(Scene scene) throws IOException {
        return scene.closing(bound());
    }

    @Override
    public String toString() {
        return text;
    }
}
