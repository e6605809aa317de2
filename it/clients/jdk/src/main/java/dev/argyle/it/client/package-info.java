// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** Plain programs that use a network library each, and nothing else of this project. They run in child JVMs. */
@NullMarked
package dev.argyle.it.client;

import org.jspecify.annotations.NullMarked;
