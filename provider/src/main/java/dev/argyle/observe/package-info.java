// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** What is told to people: the log. Depends on the JDK alone. */
@NullMarked
package dev.argyle.observe;

import org.jspecify.annotations.NullMarked;
