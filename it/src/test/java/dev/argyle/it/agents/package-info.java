// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
/** Agents of other people, which a program may have besides ours. Use the JDK alone. */
@NullMarked
package dev.argyle.it.agents;

import org.jspecify.annotations.NullMarked;
