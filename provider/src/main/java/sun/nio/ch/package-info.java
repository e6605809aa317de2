// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The seam: the few classes that live beside the JDK's own, in java.base, because only there can a raw descriptor be
 * connected, read and polled. They hold no logic of SOCKS: what a connect must do next is asked of the engine, which is
 * in a class loader of the agent's, or in that of a program with the library, and implements {@link
 * sun.nio.ch.SocksEngine}. Defined by the boot loader; may use nothing but java.base.
 */
@NullMarked
package sun.nio.ch;

import org.jspecify.annotations.NullMarked;
