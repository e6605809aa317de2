// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.dnsjava;

import dev.argyle.it.client.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Asks DNS servers for addresses at once.
 *
 * <p>Arguments: URIs {@code udp://server:port/name}. Prints the first address of each.
 */
public final class DnsjavaProgram {
    private DnsjavaProgram() {}

    public static void main(String[] uris) throws InterruptedException {
        Requests.send(uris, DnsjavaProgram::ask);
    }

    private static CompletableFuture<String> ask(URI uri) {
        try {
            SimpleResolver resolver = new SimpleResolver(uri.getHost());
            resolver.setPort(uri.getPort());
            Name name = Name.fromString(uri.getPath().substring(1), Name.root);
            return resolver.sendAsync(Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)))
                    .thenApply(
                            answer -> answer.getSection(Section.ANSWER).get(0).rdataToString())
                    .toCompletableFuture();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
