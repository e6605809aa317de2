// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Tells whether a file with a password in it is its owner's alone. Stateless. */
final class PrivateFile {
    private PrivateFile() {}

    /**
     * Does nothing where the file system has no POSIX permissions.
     *
     * @param why goes behind the file's permissions in the message
     * @throws InvalidValueException if others than the owner can read the file
     */
    static void require(String path, String why) throws InvalidValueException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(new File(path).toPath());
        } catch (UnsupportedOperationException e) {
            return; // the JDK's other views do not tell who can read
        } catch (IOException | InvalidPathException e) {
            throw new InvalidValueException("cannot read the permissions of the file " + Shown.quote(path));
        }
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new InvalidValueException("others than its owner can read the file " + Shown.quote(path) + " ("
                    + PosixFilePermissions.toString(permissions) + ")" + why
                    + "; chmod 600 it or, if it is a container's secret whose mode you do not choose, set "
                    + Key.CREDENTIALS_SHARED + "=true");
        }
    }
}
