// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

/** Where a {@link Handshake} stands. */
public sealed interface State {
    /** The greeting is going out, or was sent, and the choice of a method is awaited. */
    record Negotiating() implements State {}

    /** The chosen method's sub-negotiation is going on. */
    record Authenticating() implements State {}

    /** The sub-negotiation waits for {@link Handshake#task()} to be run. */
    record NeedTask() implements State {}

    /** The request is going out, or was sent, and its reply is awaited. */
    record Requested() implements State {}

    /**
     * BIND's first reply has come, its second is awaited.
     *
     * @param reply tells where the server listens
     */
    record Bound(Reply reply) implements State {}

    /**
     * The handshake has succeeded: all that follows on the connection is the application's.
     *
     * @param reply the last one, always of code 0
     */
    record Established(Reply reply) implements State {}

    /**
     * The handshake has failed: the connection is to be closed and never used again.
     *
     * @param failure what the server did
     */
    record Failed(SocksException failure) implements State {}
}
