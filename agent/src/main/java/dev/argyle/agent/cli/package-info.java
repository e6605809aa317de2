// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What {@code java -jar argyle-agent.jar} does. In the class loader of the engine, which it uses without hooking anything.
 */
@NullMarked
package dev.argyle.agent.cli;

import org.jspecify.annotations.NullMarked;
