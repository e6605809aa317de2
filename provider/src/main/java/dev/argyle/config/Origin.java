// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

/**
 * A value as it may be shown, and where it came from. Immutable.
 *
 * @param value without secrets
 * @param source for instance {@code agent argument}, {@code -Dargyle.log}, {@code ARGYLE_LOG}, {@code file /x:12} or
 *     {@code default}
 */
public record Origin(String value, String source) {}
