// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.agents;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.DatagramSocketImplFactory;

/** Has set a DatagramSocketImplFactory before ours starts. */
public final class SettingADatagramFactory implements DatagramSocketImplFactory {
    private SettingADatagramFactory() {}

    @SuppressWarnings("deprecation") // agents have it still
    public static void premain(String argument, Instrumentation instrumentation) throws IOException {
        DatagramSocket.setDatagramSocketImplFactory(new SettingADatagramFactory());
    }

    @Override
    public DatagramSocketImpl createDatagramSocketImpl() {
        throw new AssertionError("no socket is made");
    }
}
