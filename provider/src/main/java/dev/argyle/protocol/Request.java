// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;

/**
 * The request (RFC 1928 section 4).
 *
 * <pre>
 *   +-----+-----+-----+------+----------+----------+
 *   | VER | CMD | RSV | ATYP | DST.ADDR | DST.PORT |
 *   +-----+-----+-----+------+----------+----------+
 *   |  1  |  1  |  1  |  1   | variable |    2     |     VER is 05, RSV is 00
 *   +-----+-----+-----+------+----------+----------+
 * </pre>
 */
final class Request {
    private Request() {}

    static ByteBuffer of(Command command, Address destination) {
        ByteBuffer request = ByteBuffer.allocate(3 + destination.encodedLength());
        request.put((byte) Socks5.VERSION).put((byte) command.code()).put((byte) 0);
        destination.putTo(request);
        return request.flip();
    }
}
