// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/**
 * What a source gives for a key, not yet parsed. Immutable.
 *
 * @param text perhaps with a secret in it
 * @param source where it stands
 */
record Value(String text, String source) {
    /** Trims the text: no value starts or ends with white space. */
    Value {
        text = text.trim();
    }

    /** Returns where it stands, and as which key: a property and a variable say so themselves. */
    String sourceOf(Key key) {
        boolean says = source.equals("-D" + SystemProperties.PREFIX + key) || source.equals(key.variable());
        return says ? source : source + ": " + key;
    }

    /** Returns the source alone: the text may hold a secret. */
    @Override
    public String toString() {
        return source;
    }
}
