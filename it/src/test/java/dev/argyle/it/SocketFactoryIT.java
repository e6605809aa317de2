// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.it.app.JdbcOnce;
import dev.argyle.it.embedding.FactoryThenInstall;
import dev.argyle.it.embedding.LdapByFactory;
import dev.argyle.it.embedding.MailByFactory;
import dev.argyle.it.embedding.OkHttpByFactory;
import dev.argyle.it.embedding.TlsByFactory;
import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified clients that take a socket factory, in JVMs without an agent and without a flag. */
class SocketFactoryIT {
    private static final String NAME = "inside.argyle.test";

    /** BindResponse 1, success (RFC 4511). */
    private static final String BOUND = "\60\14\2\1\1\141\7\12\1\0\4\0\4\0";

    private Targets targets;
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        targets = Targets.start();
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        targets.close();
    }

    private Jvm program(Class<?> program, Class<?>... libraries) throws URISyntaxException {
        List<Path> classPath = new ArrayList<>();
        classPath.add(Path.of(System.getProperty("argyle.demo.jar")));
        classPath.add(Path.of(System.getProperty("argyle.provider.jar")));
        for (Class<?> library : libraries) {
            classPath.add(Path.of(
                    library.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        return Jvm.of(program).classPath(classPath.toArray(new Path[0]));
    }

    private String url() {
        return "socks5h://127.0.0.1:" + server.port();
    }

    private void assertCameThroughTheServer(Answers.Visit visit) {
        assertThat(visit.from()).isEqualTo(ScriptedServer.OUTBOUND);
        assertThat(server.connects()).hasSize(1);
        assertThat(server.connects().get(0).host()).isEqualTo(NAME);
    }

    /** With a timeout of its own the client makes the address itself, and connects later. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5000})
    void ldap_byClassName_goesThroughTheServer(int connectTimeoutMillis) throws Exception {
        try (Answers directory = Answers.start("", BOUND)) {
            server.name(NAME, directory.address());

            JvmResult result = program(LdapByFactory.class)
                    .property("argyle.proxy", url())
                    .arguments("ldap://" + NAME + ":" + directory.port(), connectTimeoutMillis)
                    .run();

            assertThat(result.out()).as(result.toString()).isEqualTo("bound\n");
            assertThat(result.err()).isEmpty();
            Answers.Visit visit = directory.awaitVisit();
            assertThat(visit.firstWords()).contains("cn=bob");
            assertCameThroughTheServer(visit);
        }
    }

    @Test
    void ldap_noConfiguration_saysSoAndDoesNotConnect() throws Exception {
        int silent = targets.silent();

        JvmResult result = program(LdapByFactory.class)
                .arguments("ldap://127.0.0.2:" + silent, 0)
                .run();

        assertThat(result.out()).contains("proxy");
        assertThat(targets.visitors(silent)).isEmpty();
    }

    @Test
    void mariaDb_byClassName_goesThroughTheServer() throws Exception {
        String greeting = "\112\0\0\0\12" + "5.5.5-10.11.6-MariaDB\0" + "\1\0\0\0" + "abcdefgh\0" + "\376\367" + "\10"
                + "\2\0" + "\377\201" + "\25" + "\0\0\0\0\0\0" + "\35\0\0\0" + "ijklmnopqrst\0"
                + "mysql_native_password\0";
        String packet = (char) (greeting.length() - 4) + greeting.substring(1);
        try (Answers database = Answers.start(packet)) {
            server.name(NAME, database.address());

            JvmResult result = program(JdbcOnce.class, org.mariadb.jdbc.Driver.class)
                    .property("argyle.proxy", url())
                    .arguments(
                            "jdbc:mariadb://" + NAME + ":" + database.port()
                                    + "/test?user=bob&password=secret&connectTimeout=10000&sslMode=disable&socketFactory=dev.argyle.Socks5SocketFactory",
                            "select 1")
                    .run();

            Answers.Visit visit = database.awaitVisit();
            assertThat(visit.firstWords()).as(result.toString()).contains("bob\0");
            assertCameThroughTheServer(visit);
        }
    }

    @Test
    void postgreSql_byClassName_goesThroughTheServer() throws Exception {
        try (Answers database = Answers.start("")) {
            server.name(NAME, database.address());

            JvmResult result = program(JdbcOnce.class, org.postgresql.Driver.class)
                    .property("argyle.proxy", url())
                    .arguments(
                            "jdbc:postgresql://" + NAME + ":" + database.port()
                                    + "/test?user=bob&sslmode=disable&gssEncMode=disable&socketFactory=dev.argyle.Socks5SocketFactory",
                            "select 1")
                    .run();

            Answers.Visit visit = database.awaitVisit();
            assertThat(visit.firstWords()).as(result.toString()).contains("user\0bob\0");
            assertThat(visit.from()).isEqualTo(ScriptedServer.OUTBOUND);
            assertThat(server.connects().get(0).host()).isEqualTo(NAME);
        }
    }

    private JvmResult okHttp(Jvm jvm, String url) throws Exception {
        return jvm.arguments(url() + ",bypass=none", url).run();
    }

    private Jvm okHttp() throws URISyntaxException {
        return program(OkHttpByFactory.class, OkHttpClient.class, okio.Buffer.class, kotlin.Unit.class);
    }

    @Test
    void okHttp_goesThroughTheServer() throws Exception {
        int web = targets.http();
        server.name(NAME, targets.address(web));

        JvmResult result = okHttp(okHttp(), "http://" + NAME + ":" + web + "/page");

        assertThat(result.out()).as(result.toString()).isEqualTo("200 GET /page\n");
        assertThat(targets.directVisitors()).isEmpty();
        assertThat(server.connects()).hasSize(1);
        assertThat(server.connects().get(0).host()).isEqualTo(NAME);
    }

    @Test
    void okHttp_address_goesThroughTheServer() throws Exception {
        int web = targets.http();

        assertThat(okHttp(okHttp(), "http://127.0.0.2:" + web + "/page").out()).isEqualTo("200 GET /page\n");
        assertThat(targets.directVisitors()).isEmpty();
    }

    @Test
    void okHttpByTls_checksTheCertificateAgainstTheName() throws Exception {
        Targets.Secure web = targets.https(NAME);
        server.name(NAME, targets.address(web.port()));
        server.name("other.argyle.test", targets.address(web.port()));

        assertThat(okHttp(trusting(okHttp(), web), "https://" + NAME + ":" + web.port() + "/page")
                        .out())
                .isEqualTo("200 GET /page\n");
        assertThat(okHttp(trusting(okHttp(), web), "https://other.argyle.test:" + web.port() + "/page")
                        .out())
                .startsWith("javax.net.ssl.SSL");
        assertThat(targets.directVisitors()).isEmpty();
    }

    private static Jvm trusting(Jvm jvm, Targets.Secure secure) {
        return jvm.property("javax.net.ssl.trustStore", secure.trustStore().toString())
                .property("javax.net.ssl.trustStorePassword", secure.password());
    }

    /** The agent's configuration holds, whatever the program's own says, and there is one connect of it. */
    @Test
    void okHttp_underTheAgent_goesThroughOneServer() throws Exception {
        int web = targets.http();
        server.name(NAME, targets.address(web));
        Jvm jvm = okHttp().agent("127.0.0.1:" + server.port());

        JvmResult result = jvm.arguments("socks5h://127.0.0.1:1", "http://" + NAME + ":" + web + "/page")
                .run();

        assertThat(result.out()).as(result.toString()).isEqualTo("200 GET /page\n");
        assertThat(server.exchanges()).hasSize(1);
        assertThat(server.connects().get(0).host()).isEqualTo(NAME);
        assertThat(targets.directVisitors()).isEmpty();
    }

    /** The server's own address is a target too here, so that a second time would be seen. */
    @Test
    void factory_installedLater_goesThroughTheServerOnce() throws Exception {
        int echo = targets.echo();
        server.name(NAME, targets.address(echo));

        JvmResult result = program(FactoryThenInstall.class)
                .options("--add-opens", "java.base/java.net=ALL-UNNAMED")
                .arguments(url() + ",bypass=none", NAME, echo)
                .run();

        assertThat(result.out()).as(result.toString()).isEqualTo("42\n");
        assertThat(server.exchanges()).hasSize(1);
        assertThat(server.connects().get(0).host()).isEqualTo(NAME);
    }

    @Test
    void tlsLayered_checksTheNameAndClosesBoth() throws Exception {
        Targets.Secure echo = targets.tlsEcho(NAME);
        server.name(NAME, targets.address(echo.port()));
        server.name("other.argyle.test", targets.address(echo.port()));

        assertThat(tls(echo, NAME)).isEqualTo("42 from " + NAME + "\nclosed true\n");
        assertThat(tls(echo, "other.argyle.test")).startsWith("javax.net.ssl.SSL");
        assertThat(targets.directVisitors()).isEmpty();
    }

    private String tls(Targets.Secure echo, String name) throws Exception {
        return trusting(program(TlsByFactory.class), echo)
                .variable("ARGYLE_PROXY", url())
                .arguments(name, echo.port())
                .run()
                .out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"object", "class"})
    void mail_goesThroughTheServer(String way) throws Exception {
        try (Answers mail = Answers.start("220 mail ESMTP\r\n", "250 mail\r\n", "221 bye\r\n")) {
            server.name(NAME, mail.address());

            JvmResult result = program(
                            MailByFactory.class,
                            jakarta.mail.Transport.class,
                            jakarta.activation.DataHandler.class,
                            org.eclipse.angus.activation.MailcapFile.class)
                    .property("argyle.proxy", url())
                    .arguments(way, NAME, mail.port())
                    .run();

            assertThat(result.out()).as(result.toString()).isEqualTo("connected\n");
            Answers.Visit visit = mail.awaitVisit();
            assertThat(visit.firstWords()).startsWith("EHLO ");
            assertCameThroughTheServer(visit);
        }
    }

    /** A factory that cannot connect is not passed by. */
    @ParameterizedTest
    @CsvSource({"object", "class"})
    void mail_serverIsGone_doesNotConnectDirectly(String way) throws Exception {
        server.refuse();
        try (Answers mail = Answers.start("220 mail ESMTP\r\n")) {
            JvmResult result = program(
                            MailByFactory.class,
                            jakarta.mail.Transport.class,
                            jakarta.activation.DataHandler.class,
                            org.eclipse.angus.activation.MailcapFile.class)
                    .property("argyle.proxy", url())
                    .property("argyle.bypass", "none")
                    .arguments(way, "127.0.0.2", mail.port())
                    .run();

            assertThat(result.out()).as(result.toString()).contains("No SOCKS server can be reached");
        }
    }
}
