// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.Exchange;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one run of the contract's program showed.
 *
 * @param outcomes by case, in the program's order
 * @param visitors where those came from who reached listeners of the program's own, by case
 * @param connects the CONNECT requests that the scripted server saw
 * @param directVisitors who reached the targets and did not come from the server's address
 */
record ContractRun(
        JvmResult result,
        Map<String, String> outcomes,
        Map<String, Set<String>> visitors,
        List<Exchange> connects,
        List<InetSocketAddress> directVisitors) {
    private static final String CASE = "case ";
    private static final String VISITOR = "visitor ";

    /** Reads the program's lines, {@code case <name>: <outcome>} and {@code visitor <name>: <address>}. */
    static ContractRun of(JvmResult result, List<Exchange> connects, List<InetSocketAddress> directVisitors) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        Map<String, Set<String>> visitors = new LinkedHashMap<>();
        for (String line : result.lines()) {
            int separator = line.indexOf(": ");
            if (line.startsWith(CASE)) {
                outcomes.put(line.substring(CASE.length(), separator), line.substring(separator + 2));
            } else if (line.startsWith(VISITOR)) {
                visitors.computeIfAbsent(line.substring(VISITOR.length(), separator), key -> new TreeSet<>())
                        .add(line.substring(separator + 2));
            }
        }
        return new ContractRun(result, outcomes, visitors, connects, directVisitors);
    }

    /** The program's last line says that it came to its end. */
    boolean ended() {
        return result.out().endsWith("\nend\n");
    }
}
