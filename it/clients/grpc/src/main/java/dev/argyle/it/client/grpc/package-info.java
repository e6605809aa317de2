// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0

/** A program that uses gRPC with the Netty that it brings under other names. */
@NullMarked
package dev.argyle.it.client.grpc;

import org.jspecify.annotations.NullMarked;
