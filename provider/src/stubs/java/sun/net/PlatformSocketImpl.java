// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package sun.net;

/** The shape of the JDK's interface of this name, for the compiler alone, which warns of the JDK's own. */
public interface PlatformSocketImpl {}
