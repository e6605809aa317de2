// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.Socket;
import java.net.SocketImpl;
import java.net.SocketImplFactory;

/** Has set a SocketImplFactory before ours starts. */
public final class SettingAFactory implements SocketImplFactory {
    private SettingAFactory() {}

    @SuppressWarnings("deprecation") // agents have it still
    public static void premain(String argument, Instrumentation instrumentation) throws IOException {
        Socket.setSocketImplFactory(new SettingAFactory());
    }

    @Override
    public SocketImpl createSocketImpl() {
        throw new AssertionError("no socket is made");
    }
}
