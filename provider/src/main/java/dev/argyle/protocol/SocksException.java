// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.protocol;

import java.io.IOException;
import java.io.Serial;

/**
 * What the SOCKS server did that ended a handshake. Its message says what came and what was expected, never a secret.
 *
 * <p>The layers above turn it into what applications catch and keep it as the cause.
 */
public final class SocksException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** In which way a handshake failed. */
    public enum Kind {
        /** The server's reply was a failure: REP other than 0. */
        REPLY,
        /** The server accepts no method that was offered, or chose one that was not. */
        NO_ACCEPTABLE_METHOD,
        /** The sub-negotiation ended without success. */
        AUTHENTICATION_FAILED,
        /** The server sent what RFC 1928 or the method's RFC do not allow, such as another version. */
        MALFORMED,
        /** The server closed the connection before the handshake ended. */
        CLOSED
    }

    private final Kind kind;
    private final Stage stage;
    private final int code;

    /**
     * Creates an exception.
     *
     * @param code the REP, METHOD or STATUS octet, or -1 where there is none
     */
    public SocksException(Kind kind, Stage stage, int code, String message) {
        super(message);
        this.kind = kind;
        this.stage = stage;
        this.code = code;
    }

    /**
     * Creates an exception with a cause.
     *
     * @param code the REP, METHOD or STATUS octet, or -1 where there is none
     */
    public SocksException(Kind kind, Stage stage, int code, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.stage = stage;
        this.code = code;
    }

    /** Returns in which way the handshake failed. */
    public Kind kind() {
        return kind;
    }

    /** Returns during which exchange it failed. */
    public Stage stage() {
        return stage;
    }

    /** Returns the octet that told of the failure, REP, METHOD or STATUS, 0 to 255; -1 where there is none. */
    public int code() {
        return code;
    }
}
