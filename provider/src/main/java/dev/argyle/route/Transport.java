// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.route;

/** What a target is reached over. */
public enum Transport {
    TCP,
    UDP
}
