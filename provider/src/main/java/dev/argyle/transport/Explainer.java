// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.config.GuardMode;
import dev.argyle.config.Settings;
import dev.argyle.route.Route;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import dev.argyle.route.Target;
import dev.argyle.route.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what would become of a connection or a datagram, and why: by the same table, the same names and the same guard as
 * decide on it. Looks up here what the program would. Safe for use by any thread.
 */
public final class Explainer {
    private static final String INDENT = "  ";
    private static final int COLUMN = 15;

    private final Settings settings;
    private final Targets targets;
    private final NameService names;

    Explainer(Settings settings, Targets targets, NameService names) {
        this.settings = settings;
        this.targets = targets;
        this.names = names;
    }

    /**
     * Explains. May wait for a look-up, as the program would.
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
        if (port == 0) {
            text.append(", at no particular port: records for single ports do not count");
        }
        text.append('\n');
        if (asked.address() != null) {
            return decided(literal(asked, text), text);
        }
        String why = targets.whyLookedUp(host);
        if (why == null) {
            boolean atServer = settings.routes().route(asked) instanceof Route.Via;
            line(text, "name", atServer ? "looked up by the server" : "not looked up here until there is a connection");
            return decided(asked, text);
        }
        return lookedUp(asked, why, text);
    }

    private static String withoutPort(Target target) {
        String whole = target.toString();
        return whole.substring(0, whole.lastIndexOf(':'));
    }

    /** Converts the address to a name where a connect would. */
    private Target literal(Target asked, StringBuilder text) {
        if (!targets.isToBeConverted(asked)) {
            return asked;
        }
        try {
            String name = names.reverse(InetAddress.getByAddress(asked.address()));
            line(text, "address", "converted to the name " + name + ", since there are records with name fragments");
            return new Target(name, asked.address(), asked.port(), asked.transport());
        } catch (UnknownHostException e) {
            line(text, "address", "has no name that a record with a name fragment could match");
            return asked;
        }
    }

    private Explanation lookedUp(Target asked, String why, StringBuilder text) {
        InetAddress[] addresses;
        try {
            addresses = names.lookUp(String.valueOf(asked.name()));
        } catch (UnknownHostException e) {
            line(text, "name", "looked up on this machine, since " + why + ": not known");
            line(text, "decision", "none: there is no address to go to");
            return new Explanation(Explanation.Outcome.UNKNOWN_NAME, "", List.of(), List.of(), text.toString());
        }
        StringBuilder list = new StringBuilder();
        for (InetAddress address : addresses) {
            list.append(list.length() == 0 ? "" : ", ").append(address.getHostAddress());
        }
        line(text, "name", "looked up on this machine, since " + why + ": " + list);
        Explanation first = null;
        for (InetAddress address : addresses) {
            Target target = new Target(asked.name(), address.getAddress(), asked.port(), asked.transport());
            if (first == null) {
                first = decided(target, text);
            } else if (settings.routes().route(target) != settings.routes().route(firstTarget(asked, addresses))) {
                line(text, "but", address.getHostAddress());
                Explanation unused = decided(target, text);
            }
        }
        if (first == null) {
            throw new AssertionError("a look-up without addresses");
        }
        return new Explanation(first.outcome(), first.record(), first.beaten(), first.servers(), text.toString());
    }

    private static Target firstTarget(Target asked, InetAddress[] addresses) {
        return new Target(asked.name(), addresses[0].getAddress(), asked.port(), asked.transport());
    }

    private Explanation decided(Target target, StringBuilder text) {
        List<Route> routes = settings.routes().explain(target);
        Route route = routes.get(0);
        List<Server> servers = List.of();
        Explanation.Outcome outcome;
        String decision;
        if (route instanceof Route.Refuse) {
            outcome = Explanation.Outcome.REFUSED;
            decision = "refused";
        } else if (route instanceof Route.Via && target.transport() == Transport.UDP) {
            outcome = outcome(settings.uncarried());
            decision = words(settings.uncarried(), "UDP is not carried");
        } else if (route instanceof Route.Via via) {
            outcome = Explanation.Outcome.SERVER;
            servers = via.servers();
            decision = "through " + inOrder(servers);
        } else if (route == RouteTable.IMPLICIT) {
            outcome = outcome(settings.uncovered());
            decision = words(settings.uncovered(), "no record but the implicit ones covers it");
        } else {
            outcome = Explanation.Outcome.DIRECT;
            decision = "direct";
        }
        line(text, "decision", decision);
        line(text, "record", route.record().toString());
        List<String> beaten = new ArrayList<>();
        for (Route each : routes.subList(1, routes.size())) {
            String record = each.record().toString();
            line(text, beaten.isEmpty() ? "beats" : "", record);
            beaten.add(record);
        }
        for (int i = 0; i < servers.size(); i++) {
            String source = settings.credentialsSource(servers.get(i));
            String server = servers.size() == 1 ? "" : servers.get(i) + ": ";
            line(
                    text,
                    i == 0 ? "credentials" : "",
                    server + (source == null ? "none" : "user name and password of " + source));
        }
        return new Explanation(outcome, route.record().toString(), beaten, servers, text.toString());
    }

    private static Explanation.Outcome outcome(GuardMode mode) {
        return mode == GuardMode.ENFORCE ? Explanation.Outcome.REFUSED : Explanation.Outcome.DIRECT;
    }

    private static String words(GuardMode mode, String reason) {
        return switch (mode) {
            case ENFORCE -> "refused by the guard: " + reason;
            case AUDIT -> "direct, and the guard reports it: " + reason;
            case OFF -> "direct: " + reason;
        };
    }

    private static String inOrder(List<Server> servers) {
        StringBuilder text = new StringBuilder();
        for (Server server : servers) {
            text.append(text.length() == 0 ? "" : ", then ").append(server);
        }
        return text.toString();
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
