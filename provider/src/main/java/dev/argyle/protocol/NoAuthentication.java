// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.nio.ByteBuffer;

/** Method X'00' (RFC 1928 section 3): done before it begins. */
final class NoAuthentication implements Authentication, Authentication.Exchange {
    static final int METHOD = 0x00;

    @Override
    public int method() {
        return METHOD;
    }

    @Override
    public String name() {
        return "no authentication";
    }

    @Override
    public Exchange begin() {
        return this;
    }

    @Override
    public boolean knownInAdvance() {
        return true;
    }

    @Override
    public ByteBuffer output() {
        return ByteBuffer.allocate(0);
    }

    @Override
    public boolean done() {
        return true;
    }

    @Override
    public int needed() {
        return 0;
    }

    @Override
    public void input(ByteBuffer source) {
        throw new IllegalStateException("no authentication: no octet is needed");
    }
}
