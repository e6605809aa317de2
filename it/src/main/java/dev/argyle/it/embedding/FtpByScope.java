// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.embedding;

import dev.argyle.Argyle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;

/**
 * Fetches a file by FTP in active mode, without a rule for listening sockets: each of the client's sockets for data is
 * opened in a scope.
 *
 * <p>Arguments: the FTP server, its port and the file's name. Prints how many octets it got.
 */
public final class FtpByScope {
    private FtpByScope() {}

    public static void main(String[] args) throws IOException {
        FTPClient ftp = new FTPClient();
        ftp.setServerSocketFactory(new AtTheServer(ftp));
        ftp.connect(args[0], Integer.parseInt(args[1]));
        try {
            ftp.login("anonymous", "somebody@argyle.test");
            ftp.setFileType(FTP.BINARY_FILE_TYPE);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ftp.retrieveFile(args[2], file);
            System.out.println(ftp.getReplyCode() + " " + file.size());
            ftp.logout();
        } finally {
            ftp.disconnect();
        }
    }

    /** Makes sockets for the FTP server, and has the client tell it their address. */
    private static final class AtTheServer extends ServerSocketFactory {
        private final FTPClient ftp;

        AtTheServer(FTPClient ftp) {
            this.ftp = ftp;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 1);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            ServerSocket socket;
            try {
                socket = Argyle.callWithBind(
                        new InetSocketAddress(ftp.getRemoteAddress(), 0), () -> new ServerSocket(port, backlog));
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
            ftp.setReportActiveExternalIPAddress(socket.getInetAddress().getHostAddress());
            return socket;
        }

        /** The client asks for the address of its own connection, which the server does not have. */
        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return createServerSocket(port, backlog);
        }
    }
}
