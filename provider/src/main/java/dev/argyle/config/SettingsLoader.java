// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import dev.argyle.name.StandInBlock;
import dev.argyle.observe.LogLevel;
import dev.argyle.route.BindRules;
import dev.argyle.route.OwnHost;
import dev.argyle.route.Route;
import dev.argyle.route.RouteRecord;
import dev.argyle.route.RouteTable;
import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Makes the settings: of what a program gives alone, or of all sources, by precedence: agent argument, system properties {@code argyle.key}, variables
 * {@code ARGYLE_KEY}, file, defaults. Where none of these names a server or routes, and only there, the conventions of others
 * are asked, each as a family: {@code SOCKS5C_CONFIG}, {@code ALL_PROXY} with {@code NO_PROXY}, then the JDK's
 * {@code socksProxyHost} with those beside it.
 *
 * <p>A key or value that is not understood stops everything, also in a source that another overrules where only the key
 * is at stake: to go on would be to guess what goes direct.
 */
public final class SettingsLoader {
    private static final String ARGUMENT = "agent argument";
    private static final String CONFIGURATION = "configuration";

    private final String hint;
    private final Map<Key, Value> values = new LinkedHashMap<>();
    private final Map<Key, Origin> origins = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<RouteTable.Rule> rules = new ArrayList<>();
    private @Nullable Value current;
    private Key currentKey = Key.CONFIG;

    private SettingsLoader(String hint) {
        this.hint = hint;
    }

    /**
     * Returns the settings of all sources. Reads the files that the sources name, and nothing else.
     *
     * @param agentArgument what stands behind the agent's jar; null or empty if nothing does
     * @param ownHost for the route table; not called here
     * @throws ConfigurationException if anything is not understood, if a file cannot be read, or if no server is named
     */
    public static Settings load(
            @Nullable String agentArgument,
            Map<String, String> environment,
            Properties systemProperties,
            OwnHost ownHost)
            throws ConfigurationException {
        return load(agentArgument, environment, systemProperties, ownHost, SocksConfigVariable.DEFAULT_PATH);
    }

    /** @param socks5cConf the file that is read where {@code SOCKS5C_CONFIG} names one that is missing */
    static Settings load(
            @Nullable String agentArgument,
            Map<String, String> environment,
            Properties systemProperties,
            OwnHost ownHost,
            String socks5cConf)
            throws ConfigurationException {
        SettingsLoader loader = new SettingsLoader("-javaagent:argyle-agent.jar=socks5h://host:1080,"
                + " or -Dargyle.proxy=socks5h://host:1080, or ARGYLE_PROXY=socks5h://host:1080,"
                + " or proxy=socks5h://host:1080 in a file named with config");
        loader.merge(AgentArgument.read(agentArgument, ARGUMENT));
        loader.merge(SystemProperties.read(systemProperties));
        loader.merge(Environment.read(environment));
        return loader.load(environment, systemProperties, ownHost, socks5cConf);
    }

    /**
     * Returns the settings that a program gives, and the defaults. Reads the files that it names, and nothing else.
     *
     * @param argument in the grammar of the agent's argument
     * @param ownHost for the route table; not called here
     * @throws ConfigurationException as for all sources
     */
    public static Settings load(String argument, OwnHost ownHost) throws ConfigurationException {
        return given(AgentArgument.read(argument, CONFIGURATION), ownHost);
    }

    /**
     * Returns the settings that a program gives, and the defaults. Reads the files that it names, and nothing else.
     *
     * @param texts by the text of their keys
     * @param ownHost for the route table; not called here
     * @throws ConfigurationException as for all sources
     */
    public static Settings load(Map<String, String> texts, OwnHost ownHost) throws ConfigurationException {
        Map<Key, Value> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            Key key = Key.of(entry.getKey());
            if (key == null) {
                throw new ConfigurationException(CONFIGURATION + ": " + Suggestion.unknownKey(entry.getKey()));
            }
            values.put(key, new Value(entry.getValue(), CONFIGURATION));
        }
        return given(values, ownHost);
    }

    private static Settings given(Map<Key, Value> values, OwnHost ownHost) throws ConfigurationException {
        SettingsLoader loader = new SettingsLoader("proxy=socks5h://host:1080");
        loader.merge(values);
        return loader.load(Map.of(), new Properties(), ownHost, SocksConfigVariable.DEFAULT_PATH);
    }

    private Settings load(
            Map<String, String> environment, Properties systemProperties, OwnHost ownHost, String socks5cConf)
            throws ConfigurationException {
        try {
            Value config = take(Key.CONFIG);
            if (config != null) {
                merge(ConfigFile.read(config.text()));
            }
            return settings(routing(environment, systemProperties, ownHost, socks5cConf));
        } catch (InvalidValueException e) {
            String source = current == null ? "" : current.source() + ": ";
            throw new ConfigurationException(source + currentKey + ": " + e.getMessage());
        }
    }

    private Settings settings(Routing routing) throws InvalidValueException {
        Value guard = take(Key.GUARD);
        GuardMode uncovered = guard == null ? GuardMode.OFF : choice(guard.text(), GuardMode.values());
        GuardMode uncarried = guard == null ? GuardMode.ENFORCE : uncovered;
        return new Settings(
                routing,
                LocalNames.parse(text(Key.NAMES_LOCAL)),
                standIns(),
                either(Key.NAMES_REVERSE, "on", "off"),
                routing.off() ? GuardMode.OFF : uncarried,
                routing.off() ? GuardMode.OFF : uncovered,
                choice(Key.UDP, UdpMode.values()),
                choice(Key.UDP_RELAY, UdpRelay.values()),
                binds(),
                Durations.parseMillis(text(Key.CONNECT_TIMEOUT)),
                Durations.parseMillis(text(Key.HANDSHAKE_TIMEOUT)),
                choice(Key.ON_FAILURE, OnFailure.values()),
                mainClass(),
                choice(Key.HOOKS, HookMode.values()),
                choice(Key.NATIVE_TRANSPORTS, NativeTransportMode.values()),
                choice(Key.LOG, LogLevel.values()),
                flag(Key.QUIET),
                origins,
                notes);
    }

    private Routing routing(
            Map<String, String> environment, Properties systemProperties, OwnHost ownHost, String socks5cConf)
            throws InvalidValueException, ConfigurationException {
        Value bypass = take(Key.BYPASS);
        boolean none = bypass != null && BypassList.parse(bypass, rules);
        boolean shared = flag(Key.CREDENTIALS_SHARED);
        Value credentials = take(Key.CREDENTIALS);
        KnownServers servers =
                new KnownServers(credentials == null ? null : CredentialsFile.read(credentials.text(), shared));
        RoutesFiles files = new RoutesFiles(servers, shared, rules);
        StringBuilder records = new StringBuilder();
        Route otherwise = RouteTable.IMPLICIT;
        boolean off = false;
        Value proxy = take(Key.PROXY);
        if (proxy != null) {
            String written = proxy.sourceOf(Key.PROXY);
            otherwise = via(servers.of(ServerUrls.parseList(proxy.text()), written), written, proxy.source());
        }
        Value routes = take(Key.ROUTES);
        if (routes != null) {
            for (String path : Lists.entries(routes.text())) {
                files.read(path);
            }
        }
        if (proxy == null && routes == null) {
            String path = SocksConfigVariable.path(environment, socks5cConf);
            if (path == null) {
                Family family = family(environment, systemProperties, !none);
                otherwise = via(
                        servers.of(List.of(family.server()), family.credentialsSource()),
                        family.source(),
                        family.source());
                addRules(family, records);
            } else {
                origins.put(Key.ROUTES, new Origin(path, SocksConfigVariable.NAME));
                off = path.isEmpty();
                if (off) {
                    otherwise = new Route.Direct(new RouteRecord("set to nothing", SocksConfigVariable.NAME));
                } else {
                    readFileOfVariable(files, path);
                }
            }
        }
        RouteTable table = new RouteTable(rules, otherwise, !none, ownHost);
        records.append(files.records());
        return new Routing(
                table, off, inWords(otherwise, files, off), records.toString(), servers.credentialsSources());
    }

    private Route via(List<Server> servers, String written, String source) {
        origins.put(Key.PROXY, new Origin(join(servers, ","), source));
        return new Route.Via(new RouteRecord("*", written), servers);
    }

    private Family family(Map<String, String> environment, Properties systemProperties, boolean withDefault)
            throws ConfigurationException {
        Family family = CurlVariables.read(environment, notes);
        if (family == null) {
            family = SocksProperties.read(systemProperties, withDefault);
        }
        if (family == null) {
            throw noServer();
        }
        return family;
    }

    private void addRules(Family family, StringBuilder records) {
        for (RouteTable.Rule rule : family.rules()) {
            rules.add(rule);
            records.append(rule.route().record().text()).append(" NONE\n");
        }
    }

    private static void readFileOfVariable(RoutesFiles files, String path) throws ConfigurationException {
        try {
            files.read(path);
        } catch (InvalidValueException e) {
            throw new ConfigurationException(SocksConfigVariable.NAME + ": " + e.getMessage());
        }
    }

    private static String inWords(Route otherwise, RoutesFiles files, boolean off) {
        if (off) {
            return "direct";
        }
        String byFiles = files.inWords();
        String through = otherwise instanceof Route.Via via ? "through " + join(via.servers(), ", then ") : null;
        return byFiles == null
                ? String.valueOf(through)
                : "by " + byFiles + (through == null ? "" : ", others " + through);
    }

    private List<StandInBlock> standIns() throws InvalidValueException {
        List<StandInBlock> blocks = new ArrayList<>();
        List<AddressBlock> before = new ArrayList<>();
        for (String entry : Lists.entries(text(Key.NAMES_RANGE))) {
            try {
                boolean brackets = entry.startsWith("[") && entry.endsWith("]");
                AddressBlock block =
                        AddressBlock.parse(brackets ? entry.substring(1, entry.length() - 1) : entry, true);
                if (block == null) {
                    throw new InvalidValueException("not a block of addresses, as in 198.18.0.0/15");
                }
                StandInBlock standIns = new StandInBlock(block.network(), block.prefixLength());
                for (int i = 0; i < blocks.size(); i++) {
                    if (standIns.contains(before.get(i).network())
                            || blocks.get(i).contains(block.network())) {
                        throw new InvalidValueException("overlaps " + blocks.get(i) + "; leave one out");
                    }
                }
                before.add(block);
                blocks.add(standIns);
            } catch (IllegalArgumentException e) {
                throw new InvalidValueException(String.valueOf(e.getMessage()));
            } catch (InvalidValueException e) {
                throw new InvalidValueException(e.getMessage() + "; got " + Shown.quote(entry));
            }
        }
        return blocks;
    }

    private void merge(Map<Key, Value> source) {
        for (Map.Entry<Key, Value> entry : source.entrySet()) {
            values.putIfAbsent(entry.getKey(), entry.getValue());
        }
    }

    /** Returns a key's value or default, and remembers it for the message of an error found in it. */
    private @Nullable Value take(Key key) throws InvalidValueException {
        Value value = values.get(key);
        String defaultValue = key.defaultValue();
        if (value == null && defaultValue != null) {
            value = new Value(defaultValue, "default");
        }
        current = value;
        currentKey = key;
        if (value != null) {
            if (value.text().isEmpty() && key != Key.BYPASS && key != Key.BIND) {
                throw new InvalidValueException("is empty");
            }
            if (key != Key.PROXY) { // its value is shown as parsed, without credentials
                origins.put(key, new Origin(value.text(), value.source()));
            }
        }
        return value;
    }

    /** Returns the text of a key that has a default. */
    private String text(Key key) throws InvalidValueException {
        Value value = take(key);
        if (value == null) {
            throw new AssertionError(key);
        }
        return value.text();
    }

    private boolean flag(Key key) throws InvalidValueException {
        return either(key, "true", "false");
    }

    /** Returns whether a value is the first of two words. */
    private boolean either(Key key, String first, String second) throws InvalidValueException {
        String text = text(key);
        if (!text.equals(first) && !text.equals(second)) {
            throw new InvalidValueException(
                    "got " + Shown.quote(text) + " (expected: " + first + " or " + second + ")");
        }
        return text.equals(first);
    }

    private <E extends Enum<E>> E choice(Key key, E[] constants) throws InvalidValueException {
        return choice(text(key), constants);
    }

    private static <E extends Enum<E>> E choice(String text, E[] constants) throws InvalidValueException {
        StringBuilder expected = new StringBuilder();
        for (E constant : constants) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            if (name.equals(text)) {
                return constant;
            }
            expected.append(expected.length() == 0 ? "" : ", ").append(name);
        }
        throw new InvalidValueException("got " + Shown.quote(text) + " (expected: " + expected + ")");
    }

    /** The parser is a class that most JVMs need not load. */
    private BindRules binds() throws InvalidValueException {
        String text = text(Key.BIND);
        return text.isEmpty() ? BindRules.NONE : BindList.parse(text);
    }

    private @Nullable MainClassFilter mainClass() throws InvalidValueException {
        Value value = take(Key.MAIN_CLASS);
        return value == null ? null : new MainClassFilter(Lists.entries(value.text()));
    }

    private ConfigurationException noServer() {
        StringBuilder message = new StringBuilder("no SOCKSv5 server is named; write ").append(hint);
        for (String note : notes) {
            message.append("; ").append(note);
        }
        return new ConfigurationException(message.toString());
    }

    private static String join(List<Server> servers, String separator) {
        StringBuilder text = new StringBuilder();
        for (Server server : servers) {
            text.append(text.length() == 0 ? "" : separator).append(server);
        }
        return text.toString();
    }
}
