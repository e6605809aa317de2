// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;

/** As much of a SOCKSv5 server as the JDK's own client needs: no authentication, CONNECT to an IPv4 address. */
final class OwnSocksServer implements Scene.Peer {
    private static final int VERSION = 5;
    private static final int IPV4 = 1;
    private static final int CONNECTION_REFUSED = 5;

    @Override
    public void serve(Socket client) throws IOException {
        try (client;
                Socket target = new Socket(Proxy.NO_PROXY)) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            in.readByte();
            in.readFully(new byte[in.readUnsignedByte()]);
            out.write(new byte[] {VERSION, 0});
            in.readFully(new byte[3]);
            if (in.readByte() != IPV4) {
                throw new IOException("only IPv4");
            }
            byte[] address = new byte[4];
            in.readFully(address);
            int port = in.readUnsignedShort();
            int reply = 0;
            try {
                target.connect(new java.net.InetSocketAddress(InetAddress.getByAddress(address), port));
            } catch (IOException e) {
                reply = CONNECTION_REFUSED;
            }
            out.write(new byte[] {VERSION, (byte) reply, 0, IPV4, 0, 0, 0, 0, 0, 0});
            if (reply == 0) {
                Background.platform("back", () -> target.getInputStream().transferTo(out));
                in.transferTo(target.getOutputStream());
            }
        }
    }
}
