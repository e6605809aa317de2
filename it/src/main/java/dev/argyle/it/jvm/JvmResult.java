// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.jvm;

import java.util.List;

/**
 * What a program that has ended left behind.
 *
 * @param exitCode of the process; 128 and more if a signal ended it
 * @param out all that it wrote to standard output
 * @param err all that it wrote to standard error
 */
public record JvmResult(int exitCode, String out, String err) {
    /** The lines of standard output. */
    public List<String> lines() {
        return out.lines().toList();
    }

    @Override
    public String toString() {
        return "exit code " + exitCode + "\n--- out\n" + out + "\n--- err\n" + err;
    }
}
