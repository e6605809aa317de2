// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import dev.argyle.it.jvm.Jvm;
import dev.argyle.it.jvm.JvmResult;
import dev.argyle.it.jvm.NettyJars;
import dev.argyle.it.server.Exchange;
import dev.argyle.it.server.ScriptedServer;
import dev.argyle.it.server.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a plain program with the agent and shows each of its connections, and a query by UDP, as the program and as the
 * server saw it.
 *
 * <p>Argument: the agent's jar, if it is not where the build puts it. The server, the targets and the program are on
 * loopback alone. Exit status: 0 if all went through the server, 1 if not, 2 if the demo cannot run.
 */
public final class Demo {
    private static final String PROGRAM = "dev.argyle.it.app.DemoProgram";
    private static final Duration LONGEST = Duration.ofSeconds(50);
    private static final int CANNOT_RUN = 2;

    private final Path[] classPath;
    private final Path agentJar;

    private Demo(Path[] classPath, Path agentJar) {
        this.classPath = classPath;
        this.agentJar = agentJar;
    }

    /** Runs the demo and ends the JVM with its status. */
    public static void main(String[] args) throws Exception {
        Path demoJar = ownJar();
        Path agentJar = args.length == 0
                ? demoJar.resolve("../../../agent/target/argyle-agent.jar").normalize()
                : Path.of(args[0]).toAbsolutePath();
        if (args.length > 1) {
            cannotRun("Usage: java -jar argyle-demo.jar [argyle-agent.jar]");
        }
        if (!Files.isRegularFile(agentJar)) {
            cannotRun("There is no agent at " + agentJar + ". Build it with \"mvn -q -DskipTests package\","
                    + " or say where it is: java -jar argyle-demo.jar path/to/argyle-agent.jar");
        }
        if (!NettyJars.areKnown(demoJar)) {
            cannotRun("This jar is not where the build puts it, beside what says where Netty's jars are: " + demoJar);
        }
        System.exit(new Demo(NettyJars.and(demoJar), agentJar).run(new Report(System.out)) ? 0 : 1);
    }

    private static void cannotRun(String reason) {
        System.err.println(reason);
        System.exit(CANNOT_RUN);
    }

    private static Path ownJar() throws URISyntaxException {
        return Path.of(
                Demo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private boolean run(Report report) throws Exception {
        try (Targets targets = Targets.start();
                ScriptedServer server = ScriptedServer.start()) {
            Targets.Secure secure = targets.tlsEcho("tls.inside.example");
            int local = targets.echo();
            int dns = targets.dns(Map.of(Connection.QUESTION, InetAddress.getByName(Connection.ADDRESS)));
            List<Connection> connections = List.of(
                    Connection.http("web.inside.example", targets.http()),
                    Connection.httpClient("api.inside.example", targets.http()),
                    Connection.tls("tls.inside.example", 443, secure.port()),
                    Connection.tcp("db.inside.example", 5432, targets.echo()),
                    Connection.netty("mq.inside.example", 5672, targets.echo()),
                    Connection.dns("ns.inside.example", dns),
                    // of a block that RFC 5737 sets aside for documentation: the server has a target in its place
                    Connection.tcp("203.0.113.7", 7000, targets.echo()),
                    Connection.tcp(targets.address().getHostAddress(), local, local));
            for (Connection connection : connections) {
                server.name(connection.request().host(), targets.address(connection.service()));
            }
            String argument = "socks5h://127.0.0.1:" + server.port() + ",bypass=none";
            report.introduce(
                    PROGRAM + ", in a JVM of its own, Java " + System.getProperty("java.version"),
                    "-javaagent:" + shown(agentJar) + "=" + argument,
                    "127.0.0.1:" + server.port() + "; it alone knows the names, and it reaches the targets from "
                            + ScriptedServer.OUTBOUND.getHostAddress());
            JvmResult result = run(connections, argument, secure);
            List<Exchange> exchanges = ended(server);
            List<Sighting> sightings = look(connections, result, exchanges, targets);
            if (!report.conclude(sightings, exchanges.size(), result)) {
                return false;
            }
            report.invite(shown(agentJar));
            return true;
        }
    }

    private JvmResult run(List<Connection> connections, String argument, Targets.Secure secure)
            throws IOException, InterruptedException {
        return Jvm.of(PROGRAM)
                .home(Path.of(System.getProperty("java.home")))
                .classPath(classPath)
                .options("-javaagent:" + agentJar + "=" + argument)
                .property("javax.net.ssl.trustStore", secure.trustStore().toString())
                .property("javax.net.ssl.trustStorePassword", secure.password())
                .arguments(connections.stream().map(Connection::argument).toArray())
                .timeout(LONGEST)
                .run();
    }

    /** All that came to the server, when the server has seen the end of each: the program is gone. */
    private static List<Exchange> ended(ScriptedServer server) throws InterruptedException {
        return server.awaitExchanges(server.exchanges().size(), exchange -> exchange.ending() != null);
    }

    private static List<Sighting> look(
            List<Connection> connections, JvmResult result, List<Exchange> exchanges, Targets targets) {
        List<String> lines = result.lines().stream().filter(Sighting::isReport).toList();
        List<Sighting> sightings = new ArrayList<>();
        for (Connection connection : connections) {
            int at = sightings.size();
            sightings.add(new Sighting(
                    connection,
                    at < lines.size() ? lines.get(at) : "",
                    exchanges.stream()
                            .filter(exchange -> Request.of(exchange).equals(connection.request()))
                            .toList(),
                    targets.visitors(connection.service())));
        }
        return sightings;
    }

    /** A path as it is written where the user stands. */
    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return (path.startsWith(here) ? here.relativize(path) : path).toString();
    }
}
