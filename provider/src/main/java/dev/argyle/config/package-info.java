// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Settings as one record, from many sources: a parser for each, and their precedence in {@link
 * dev.argyle.config.SettingsLoader}. Reads files named by the user, nothing else. May depend on {@code
 * dev.argyle.route}, {@code dev.argyle.protocol} and {@code dev.argyle.observe}.
 */
@NullMarked
package dev.argyle.config;

import org.jspecify.annotations.NullMarked;
