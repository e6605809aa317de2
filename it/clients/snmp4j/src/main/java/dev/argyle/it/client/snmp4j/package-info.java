// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses SNMP4J. */
@NullMarked
package dev.argyle.it.client.snmp4j;

import org.jspecify.annotations.NullMarked;
