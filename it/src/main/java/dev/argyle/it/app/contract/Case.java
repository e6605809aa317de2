// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

/** One point of the contract: does something with sockets and says what it saw. */
@FunctionalInterface
interface Case {
    /**
     * Runs in a thread of its own, bounded by the runner's watchdog.
     *
     * @throws Exception where the program itself went wrong; what the case expects it {@linkplain
     *     Scene#of says}
     */
    void run(Scene scene) throws Exception;
}
