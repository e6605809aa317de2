// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

import java.nio.channels.Selector;

/** The shape of the JDK's class of this name, for the compiler alone. */
abstract class SelectorImpl extends Selector {
    abstract void setEventOps(SelectionKeyImpl ski);
}
