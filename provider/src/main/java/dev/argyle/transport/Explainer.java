// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.GuardMode;
import dev.argyle.config.OnFailure;
import dev.argyle.config.Settings;
import dev.argyle.protocol.Address;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says what would become of a connection or a datagram, and why: by the same table, the same names and the same guard as
 * decide on it. Looks up here what the program would, and nothing else. Safe for use by any thread.
 */
public final class Explainer {
    private static final String INDENT = "  ";
    private static final int COLUMN = 15;

    private final Settings settings;
    private final Targets targets;
    private final NameService names;
    private final LookUps reverseLookUps;

    Explainer(Settings settings, Targets targets, NameService names, LookUps reverseLookUps) {
        this.settings = settings;
        this.targets = targets;
        this.names = names;
        this.reverseLookUps = reverseLookUps;
    }

    /** What becomes of one target. */
    private record Decision(Explanation.Outcome outcome, String words, Route route) {}

    /** Of an address that only this JVM gives, and has not. */
    private static final Decision STRANGE = new Decision(
            Explanation.Outcome.REFUSED,
            "refused: a stand-in address, and this JVM has not given it out; ask for the name",
            new Route.Refuse(new RouteRecord("addresses that stand in for names", "names.range")));

    /**
     * Explains. May wait for a look-up, for as long as the program would.
     *
     * @param host a name or an address literal
     * @param port 1 to 65535; 0 for none in particular, which only the records for all ports match
     * @throws IllegalArgumentException if the host is empty or the port out of range
     */
    public Explanation explain(String host, int port, Transport transport) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("the host is empty");
        }
        Target asked = new Target(host, null, port, transport);
        StringBuilder text = new StringBuilder();
        text.append(port == 0 ? withoutPort(asked) : asked).append(" over ").append(transport);
        text.append(port == 0 ? ", at no port in particular: records for some ports do not count\n" : "\n");
        byte[] address = asked.address();
        if (address != null) {
            return literal(asked, address, text);
        }
        String why = targets.whyLookedUp(host);
        if (why == null && transport == Transport.UDP && !names.isHooked()) {
            why = "datagrams are sent to names with the agent's hooks alone";
        }
        return why == null ? kept(host, asked, text) : lookedUp(host, asked, why, text);
    }

    private static String withoutPort(Target target) {
        String whole = target.toString();
        return whole.substring(0, whole.lastIndexOf(':'));
    }

    private Explanation literal(Target asked, byte[] octets, StringBuilder text) {
        InetAddress address;
        String name;
        try {
            address = InetAddress.getByAddress(octets);
            name = targets.nameBehind(address);
        } catch (SocketException e) {
            return explained(asked, STRANGE, text);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
        if (name != null) {
            line(text, "address", "stands in for the name " + name);
            return kept(name, asked, text);
        }
        // a datagram is not held up for that
        return asked.transport() == Transport.TCP && targets.isToBeConverted(asked)
                ? converted(asked, address, text)
                : decided(asked, text);
    }

    /** Converts the address to a name, as a connect would, and for no longer. */
    private Explanation converted(Target asked, InetAddress address, StringBuilder text) {
        LookUps.LookUp<String> lookUp = reverseLookUps.begin(
                new LookUps.Question<>() {
                    @Override
                    public String ask() throws UnknownHostException {
                        return names.reverse(address);
                    }
                },
                new Runnable() {
                    @Override
                    public void run() {}
                });
        lookUp.await(ReverseHops.LIMIT_NANOS);
        String name;
        try {
            name = lookUp.answer();
        } catch (UnknownHostException e) {
            line(text, "address", "has no name that a record with the end of a name could match");
            return decided(asked, text);
        }
        if (name == null) {
            line(
                    text,
                    "address",
                    "not converted to a name within " + TimeUnit.NANOSECONDS.toSeconds(ReverseHops.LIMIT_NANOS)
                            + " s (names.reverse)");
            if (settings.routes().hasFragmentsThatDecide()) {
                line(text, "decision", "refused: a record for names might not let it go direct");
                return undecided(Explanation.Outcome.REFUSED, text);
            }
            return decided(asked, text);
        }
        line(text, "address", "converted to the name " + name + ", since records have ends of names (names.reverse)");
        return decided(new Target(name, asked.address(), asked.port(), asked.transport()), text);
    }

    /** Of a name that must not be looked up here, unless it turns out to be direct at this port. */
    private Explanation kept(String name, Target asked, StringBuilder text) {
        String sent;
        try {
            sent = Address.name(name, asked.port()).host();
        } catch (IllegalArgumentException e) {
            line(text, "name", "cannot be sent to a server: " + e.getMessage());
            return unknown(asked, text);
        }
        Target target = new Target(sent, null, asked.port(), asked.transport());
        Decision decision = decision(target);
        if (decision.outcome == Explanation.Outcome.DIRECT) {
            if (addresses(name, "it goes direct", text) == null) {
                return unknown(target, text);
            }
        } else if (decision.outcome == Explanation.Outcome.SERVER) {
            line(
                    text,
                    "name",
                    names.isHooked()
                            ? "looked up by the server"
                            : "looked up by the server, where the program leaves that to it");
        } else {
            line(text, "name", "not looked up");
        }
        return explained(target, decision, text);
    }

    private Explanation lookedUp(String host, Target asked, String why, StringBuilder text) {
        InetAddress[] addresses = addresses(host, why, text);
        if (addresses == null) {
            return unknown(asked, text);
        }
        Explanation first = null;
        for (InetAddress address : addresses) {
            Target target = new Target(asked.name(), address.getAddress(), asked.port(), asked.transport());
            Decision decision = isStrange(address) ? STRANGE : decision(target);
            String record = decision.route.record().toString();
            if (first == null) {
                first = explained(target, decision, text);
            } else if (!record.equals(first.record())) {
                line(text, "but", address.getHostAddress() + ": " + decision.words + ", by " + record);
            }
        }
        if (first == null) {
            throw new AssertionError("a look-up without addresses");
        }
        return new Explanation(first.outcome(), first.record(), first.beaten(), first.servers(), text.toString());
    }

    private boolean isStrange(InetAddress address) {
        try {
            String unused = targets.nameBehind(address);
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Looks a name up here and says what came of it; null if it is not known. */
    private InetAddress @Nullable [] addresses(String host, String why, StringBuilder text) {
        InetAddress[] addresses;
        try {
            addresses = names.lookUp(host);
        } catch (UnknownHostException e) {
            line(text, "name", "looked up on this machine, since " + why + ": not known");
            return null;
        }
        StringBuilder list = new StringBuilder();
        for (InetAddress address : addresses) {
            list.append(list.length() == 0 ? "" : ", ").append(address.getHostAddress());
        }
        line(text, "name", "looked up on this machine, since " + why + ": " + list);
        return addresses;
    }

    private Explanation unknown(Target target, StringBuilder text) {
        Route route = settings.routes().route(target);
        String words = "none: there is no address to go to";
        return explained(target, new Decision(Explanation.Outcome.UNKNOWN_NAME, words, route), text);
    }

    /** Where it comes to no record. */
    private static Explanation undecided(Explanation.Outcome outcome, StringBuilder text) {
        return new Explanation(outcome, "", List.of(), List.of(), text.toString());
    }

    private Explanation decided(Target target, StringBuilder text) {
        return explained(target, decision(target), text);
    }

    private Decision decision(Target target) {
        Route route = settings.routes().route(target);
        if (route instanceof Route.Refuse) {
            return new Decision(Explanation.Outcome.REFUSED, "refused", route);
        }
        if (route instanceof Route.Via via) {
            return target.transport() == Transport.TCP ? connection(via) : datagram(target, via);
        }
        return route == RouteTable.IMPLICIT
                ? guarded(settings.uncovered(), "no record but the implicit ones covers it", route)
                : new Decision(Explanation.Outcome.DIRECT, "direct", route);
    }

    private Decision connection(Route.Via via) {
        String words = through(via);
        boolean goesOn = settings.onFailure() == OnFailure.DIRECT;
        return new Decision(Explanation.Outcome.SERVER, goesOn ? words + ", then direct (on-failure)" : words, via);
    }

    /** Whatever fails, a datagram does not go direct in place of that. */
    private Decision datagram(Target target, Route.Via via) {
        if (isForMany(target)) {
            return guarded(settings.uncarried(), "no relay sends to a group or to all", via);
        }
        return switch (settings.udp()) {
            case ON -> new Decision(Explanation.Outcome.SERVER, through(via), via);
            case REFUSE -> new Decision(Explanation.Outcome.REFUSED, "refused: udp=refuse", via);
            case OFF -> guarded(settings.uncovered(), "udp=off", via);
        };
    }

    private static boolean isForMany(Target target) {
        byte[] octets = target.address();
        try {
            return octets != null && Datagrams.isForMany(InetAddress.getByAddress(octets));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String through(Route.Via via) {
        StringBuilder words = new StringBuilder("through ");
        for (int i = 0; i < via.servers().size(); i++) {
            words.append(i == 0 ? "" : ", then ").append(via.servers().get(i));
        }
        return words.toString();
    }

    private static Decision guarded(GuardMode mode, String reason, Route route) {
        return switch (mode) {
            case ENFORCE -> new Decision(Explanation.Outcome.REFUSED, "refused by the guard: " + reason, route);
            case AUDIT ->
                new Decision(Explanation.Outcome.DIRECT, "direct, and the guard reports it: " + reason, route);
            case OFF -> new Decision(Explanation.Outcome.DIRECT, "direct: " + reason, route);
        };
    }

    private Explanation explained(Target target, Decision decision, StringBuilder text) {
        line(text, "decision", decision.words);
        boolean bySocks =
                decision.outcome == Explanation.Outcome.SERVER || decision.outcome == Explanation.Outcome.REFUSED;
        if (bySocks && !names.isHooked()) {
            line(text, "for", "sockets that the factories make; channels go direct");
        }
        String record = decision.route.record().toString();
        line(text, "record", record);
        List<String> beaten = new ArrayList<>();
        for (Route each : settings.routes().explain(target)) {
            if (each != decision.route) {
                line(text, beaten.isEmpty() ? "beats" : "", each.record().toString());
                beaten.add(each.record().toString());
            }
        }
        List<Server> servers = decision.outcome == Explanation.Outcome.SERVER && decision.route instanceof Route.Via via
                ? via.servers()
                : List.of();
        for (int i = 0; i < servers.size(); i++) {
            String source = settings.credentialsSource(servers.get(i));
            line(
                    text,
                    i == 0 ? "credentials" : "",
                    (servers.size() == 1 ? "" : servers.get(i) + ": ")
                            + (source == null ? "none" : "user name and password, from " + source));
        }
        return new Explanation(decision.outcome, record, beaten, servers, text.toString());
    }

    private static void line(StringBuilder text, String label, String value) {
        int start = text.length();
        text.append(INDENT).append(label);
        if (!label.isEmpty()) {
            text.append(':');
        }
        while (text.length() - start < COLUMN) {
            text.append(' ');
        }
        text.append(value).append('\n');
    }
}
