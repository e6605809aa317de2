// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * One program that exercises the contract of the JDK's sockets, case by case, and prints what it saw.
 *
 * <p>It runs plain and routed in each way, and its outputs are compared line by line. It depends on the JDK alone.
 */
@NullMarked
package dev.argyle.it.app.contract;

import org.jspecify.annotations.NullMarked;
