// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

/** The CMD octet of a request (RFC 1928 section 4). */
public enum Command {
    /** Asks for a connection to DST. One reply; BND is the server's outbound address. */
    CONNECT(0x01, 1),
    /**
     * Asks the server to listen for one connection from DST. Two replies: the first tells where the server listens, the
     * second who connected.
     */
    BIND(0x02, 2),
    /**
     * Asks for a datagram relay. DST is the address that the client will send from, all zeros where it does not know.
     * One reply; BND is where the relay takes datagrams.
     */
    UDP_ASSOCIATE(0x03, 1);

    private final int code;
    private final int replies;

    Command(int code, int replies) {
        this.code = code;
        this.replies = replies;
    }

    /** Returns the octet on the wire. */
    public int code() {
        return code;
    }

    /** Returns how many replies a command that succeeds gets. */
    int replies() {
        return replies;
    }
}
