// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Asks a database through whatever driver is in the class path.
 *
 * <p>Arguments: {@code url query}. Prints the first column of the first row, or the exception's class and message.
 */
public final class JdbcOnce {
    private JdbcOnce() {}

    public static void main(String[] args) {
        try (Connection connection = DriverManager.getConnection(args[0]);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(args[1])) {
            rows.next();
            System.out.println(rows.getString(1));
        } catch (SQLException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }
}
