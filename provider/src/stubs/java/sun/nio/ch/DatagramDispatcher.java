// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.nio.ch;

/** The shape of the JDK's class of this name, for the compiler alone. */
class DatagramDispatcher extends NativeDispatcher {}
