// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.real;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of {@code /etc} that this machine has not and one process sees: a copy of the directory in a mount namespace of its
 * own, so that the machine stays as it is. Takes root.
 */
public final class OtherEtc {
    private OtherEtc() {}

    /**
     * The words that run the command behind them with the file; the process keeps its id.
     *
     * @param mountPoint an empty directory, which stays empty for all others
     * @throws org.opentest4j.TestAbortedException if this machine cannot
     */
    public static List<String> with(Path mountPoint, Path file) {
        RealServers.requireRoot();
        String script = "mount -t tmpfs none \"$1\" && cp -a /etc/. \"$1\" && cp \"$2\" \"$1\""
                + " && mount --bind \"$1\" /etc && shift 2 && exec \"$@\"";
        return List.of("unshare", "-m", "sh", "-c", script, "sh", mountPoint.toString(), file.toString());
    }
}
