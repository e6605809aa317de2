// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

/** How a {@link ScriptedServer} leaves a connection that it does not carry on. */
public enum Ending {
    /** Closes in good order: the client reads what was sent, then the end of the stream. */
    CLOSE,
    /** Resets (SO_LINGER 0): the client's next read or write fails. */
    RESET,
    /** Keeps the connection open and says nothing more, until the client leaves or the server is closed. */
    SILENCE
}
