// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.ServerSocket;
import java.net.SocketImpl;
import java.net.SocketImplFactory;

/** Has set the SocketImplFactory of ServerSocket before ours starts. */
public final class SettingAServerFactory implements SocketImplFactory {
    private SettingAServerFactory() {}

    @SuppressWarnings("deprecation") // agents have it still
    public static void premain(String argument, Instrumentation instrumentation) throws IOException {
        ServerSocket.setSocketFactory(new SettingAServerFactory());
    }

    @Override
    public SocketImpl createSocketImpl() {
        throw new AssertionError("no socket is made");
    }
}
