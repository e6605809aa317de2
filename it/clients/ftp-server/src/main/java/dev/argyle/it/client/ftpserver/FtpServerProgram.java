// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.ftpserver;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/**
 * An FTP server for anybody, who may read and write, at an address and a free port; in active mode it connects to the
 * address alone that the client's control connection comes from.
 *
 * <p>Arguments: the address and the directory. Prints {@code port}, a space, the port and a full stop; ends with its
 * standard input.
 */
public final class FtpServerProgram {
    private FtpServerProgram() {}

    public static void main(String[] args) throws FtpException, IOException {
        DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
        data.setActiveIpCheck(true);
        ListenerFactory listening = new ListenerFactory();
        listening.setServerAddress(args[0]);
        listening.setPort(0);
        listening.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
        Listener listener = listening.createListener();
        ConnectionConfigFactory connections = new ConnectionConfigFactory();
        connections.setAnonymousLoginEnabled(true);
        FtpServerFactory factory = new FtpServerFactory();
        factory.setConnectionConfig(connections.createConnectionConfig());
        factory.addListener("default", listener);
        factory.setUserManager(anybody(args[1]));
        FtpServer server = factory.createServer();
        server.start();
        try {
            System.out.println("port " + listener.getPort() + ".");
            System.in.transferTo(OutputStream.nullOutputStream());
        } finally {
            server.stop();
        }
    }

    private static UserManager anybody(String directory) throws FtpException {
        BaseUser user = new BaseUser();
        user.setName("anonymous");
        user.setHomeDirectory(directory);
        user.setAuthorities(List.of(new WritePermission()));
        UserManager users = new PropertiesUserManagerFactory().createUserManager();
        users.save(user);
        return users;
    }
}
