// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.stress;

/** A way of making one connection. */
@FunctionalInterface
interface Scenario {
    /**
     * Makes it, checks it, and {@linkplain Round#ends says how it ended}.
     *
     * @throws Exception if anything is not as it has to be
     */
    void run(Round round) throws Exception;
}
