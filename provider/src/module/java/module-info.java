// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A SOCKSv5 client for programs that are not written for one. What is not exported may change at any time. */
module dev.argyle.provider {
    exports dev.argyle;
    exports dev.argyle.client;
}
