// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.ftp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPReply;

/**
 * Lists the files of an FTP server, fetches one and stores it again, each over a data connection of its own.
 *
 * <p>Arguments: {@code active} or {@code passive}, the server, its port, the file's name and the name to store it by.
 * Prints what it has done.
 */
public final class FtpProgram {
    private static final Duration DATA_TIMEOUT = Duration.ofSeconds(20);

    private FtpProgram() {}

    public static void main(String[] args) throws IOException {
        FTPClient ftp = new FTPClient();
        ftp.setDataTimeout(DATA_TIMEOUT);
        ftp.connect(args[1], Integer.parseInt(args[2]));
        try {
            succeed(ftp, ftp.login("anonymous", "somebody@argyle.test"));
            succeed(ftp, ftp.setFileType(FTP.BINARY_FILE_TYPE));
            if (args[0].equals("active")) {
                ftp.enterLocalActiveMode();
            } else {
                ftp.enterLocalPassiveMode();
            }
            String[] names = ftp.listNames();
            succeed(ftp, FTPReply.isPositiveCompletion(ftp.getReplyCode()));
            System.out.println("listed " + Arrays.toString(names));
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            succeed(ftp, ftp.retrieveFile(args[3], file));
            CRC32 sum = new CRC32();
            sum.update(file.toByteArray());
            System.out.println("fetched " + file.size() + " " + sum.getValue());
            succeed(ftp, ftp.storeFile(args[4], new ByteArrayInputStream(file.toByteArray())));
            System.out.println("stored");
            succeed(ftp, ftp.logout());
        } finally {
            ftp.disconnect();
        }
    }

    private static void succeed(FTPClient ftp, boolean done) throws IOException {
        if (!done) {
            throw new IOException(ftp.getReplyString());
        }
    }
}
