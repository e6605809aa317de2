// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.Readme;
import dev.argyle.protocol.Command;
import dev.argyle.protocol.ReplyCode;
import dev.argyle.protocol.SocksException;
import dev.argyle.protocol.Stage;
import dev.argyle.route.Server;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadmeRepliesTest {
    private static final int FIRST_UNASSIGNED = 9;

    private static List<String> row(int rep) {
        Hop hop = new Hop(new ServerState(new Server("proxy.test", 1080, true, null)), Connects.address(1, 1080));
        ConnectFailures failures = new ConnectFailures(Command.CONNECT, Connects.TARGET);
        failures.add(
                hop, Stage.REQUEST, new SocksException(SocksException.Kind.REPLY, Stage.REQUEST, rep, "as replied"));
        IOException exception = failures.exception();
        String message = String.valueOf(exception.getMessage());
        return List.of(
                "0x0" + rep + " " + (rep == FIRST_UNASSIGNED ? "and any other" : ReplyCode.meaning(rep)),
                exception.getClass().getSimpleName(),
                message.substring(0, message.indexOf(':')));
    }

    @Test
    void table_ofTheReadme_hasEachReplysExceptionAndMessage() throws Exception {
        assertThat(Readme.table("| Reply | Exception, of `java.net` | The message begins with |"))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, FIRST_UNASSIGNED)
                        .mapToObj(ReadmeRepliesTest::row)
                        .toList());
    }
}
