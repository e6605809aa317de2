// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An outcome of a contract's case that is another where sockets are routed.
 *
 * @param plain what the plain outcome contains; where it does not, as on another JDK, there is no difference
 * @param routed what is there instead, as the kind says
 */
record Difference(String plain, String routed, Kind kind) {
    private enum Kind {
        SAYS,
        INSTEAD,
        MAY_SAY
    }

    /** The routed outcome contains that text. */
    static Difference says(String plain, String routed) {
        return new Difference(plain, routed, Kind.SAYS);
    }

    /** The routed outcome is the plain one with that text for this. */
    static Difference instead(String plain, String routed) {
        return new Difference(plain, routed, Kind.INSTEAD);
    }

    /** The routed outcome is the plain one, or contains that text: it is a matter of time, or of the JDK. */
    static Difference maySay(String plain, String routed) {
        return new Difference(plain, routed, Kind.MAY_SAY);
    }

    boolean applies(String plainOutcome) {
        return plainOutcome.contains(plain);
    }

    /** Fails unless the outcome differs as it should. */
    void check(String name, String plainOutcome, String outcome) {
        switch (kind) {
            case SAYS -> assertThat(outcome).as(name).contains(routed);
            case INSTEAD -> assertThat(outcome).as(name).isEqualTo(plainOutcome.replace(plain, routed));
            case MAY_SAY -> {
                if (!outcome.equals(plainOutcome)) {
                    assertThat(outcome).as(name).contains(routed);
                }
            }
        }
    }
}
