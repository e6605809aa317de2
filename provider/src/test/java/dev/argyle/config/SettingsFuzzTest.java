// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.argyle.route.HostNames;
import dev.argyle.route.IpLiteral;
import dev.argyle.route.Server;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration as a whole, and the lists of targets as seen by the routes that come of them. */
class SettingsFuzzTest {
    private static final String SECRET = "sesame";

    @CsvSource({
        "'socks5h://h', '', ''",
        "'proxy=a,b,bypass=*.x,10.0.0.0/8,log=info', '', ''",
        "'', 'socks5h://u:p@h:1', 'a.example,.b,*.c,10.0.0.0/8,[::1]:80'",
        "'', 'http://h', '*'",
        "'connect.timeout=10s', 'h', ''",
        "'bypass=none', 'socks5://h', '::'",
        "'main-class=a.*,quiet=true,proxy=h', '', ''",
        "'config=missing', '', ''",
        "'credentials=missing,proxy=h', '', ''",
        "'on-failure=direct,hooks=factories,native-transports=warn', 'socks5h://h', '*,a'",
        "'udp=off,udp.relay=any', 'socks5h://h', ''",
        "'proxy=,', '\ud800', '\u00fc'",
        "'config', '', ''"
    })
    @FuzzTest
    void load_anyTexts_loadsTheSameTwiceOrSaysWhyNot(
            @NotNull @WithUtf8Length(max = 200) String argument,
            @NotNull @WithUtf8Length(max = 100) String allProxy,
            @NotNull @WithUtf8Length(max = 100) String exceptions) {
        if (namesDevice(argument)) {
            return;
        }
        Sources sources = Sources.argument(argument)
                .variable("ALL_PROXY", allProxy)
                .variable("NO_PROXY", exceptions)
                .property("socksProxyHost", exceptions)
                .property("socksNonProxyHosts", allProxy);
        String outcome = outcome(sources, exceptions);

        assertThat(outcome(sources, exceptions)).isEqualTo(outcome);
        assertThat(outcome).isNotBlank();
    }

    @CsvSource({
        "'', '', 0",
        "'', '@h', 1",
        "'%', '', 2",
        "'x,', ',x@h', 3",
        "'', ',bypass', 4",
        "'', ',a=b', 5",
        "'a=', ':', 6",
        "'/', '/', 7",
        "', ', ' ,', 4",
        "'[', '\u00fc', 5",
        "'#', '?', 6"
    })
    @FuzzTest
    void load_passwordOfAnyText_isNeverShown(
            @NotNull @WithUtf8Length(max = 100) String before,
            @NotNull @WithUtf8Length(max = 100) String behind,
            int place) {
        String password = before + SECRET + behind;
        if (before.indexOf('@') >= 0 || hasKey(password)) {
            return; // what is behind an @ is a host
        }
        String server = ((place & 1) == 0 ? "socks5h://u:" : "u:") + password + "@h";
        Sources sources = switch (place >> 1 & 3) {
            case 0 -> Sources.none().variable("ARGYLE_PROXY", server);
            case 1 -> Sources.none().variable("ALL_PROXY", server).variable("NO_PROXY", before);
            case 2 -> Sources.argument(server + ",log=info");
            default -> Sources.argument("quiet=true,proxy=h," + server);
        };
        String shown;
        try {
            Settings settings = sources.load();
            shown = settings + " " + settings.values() + " " + settings.notes();
            for (Server each : settings.servers()) { // a comma ends a password: what follows may be a host
                shown = shown.replace(each.host(), "");
            }
        } catch (ConfigurationException e) {
            shown = e.getMessage();
        }
        assertThat(shown).doesNotContain(SECRET);
    }

    @CsvSource({
        "'a.example,*.a.example,.b', 'x.a.example', 80",
        "'a.example:80', 'a.example', 80",
        "'A.Example.', 'a.eXample', 1",
        "'10.0.0.0/8,[2001:db8::/32]:443,::1', '10.1.2.3', 1",
        "'0.0.0.0/0', '10.1.2.3', 1",
        "'*', 'h', 1",
        "'*:7', '::1', 7",
        "'none', '127.0.0.1', 1",
        "'none,127.0.0.0/8', '127.0.0.1', 1",
        "'*.', 'h', 1",
        "'b\u00fccher.example', 'xn--bcher-kva.example', 1",
        "'::ffff:10.0.0.0/104', '10.0.0.1', 1"
    })
    @FuzzTest
    void bypass_anyListAndTarget_decidesWhateverTheOrderAndTheCase(
            @NotNull @WithUtf8Length(max = 200) String list,
            @NotNull @WithUtf8Length(max = 60) String target,
            int number) {
        int port = Math.floorMod(number, 65536);
        String decision = decision("bypass", list, target, port);

        assertThat(decision("bypass", reversed(list, ","), target, port).equals("error"))
                .isEqualTo(decision.equals("error"));
        if (decision.equals("error") || list.trim().isEmpty()) {
            return;
        }
        assertThat(decision("bypass", reversed(list, ","), target, port)).isEqualTo(decision);
        assertThat(decision("bypass", list + "," + list, target, port)).isEqualTo(decision);
        if (isAscii(list + target)) {
            assertThat(decision("bypass", list.toUpperCase(Locale.ROOT), target, port))
                    .isEqualTo(decision);
            assertThat(decision("bypass", list, target.toUpperCase(Locale.ROOT), port))
                    .isEqualTo(decision);
        }
        assertThat(decision("bypass", list + ",*", target, port)).isEqualTo("direct");
        if (isName(target) && !target.equalsIgnoreCase("none")) {
            assertThat(decision("bypass", list, target + ".", port)).isEqualTo(decision);
            assertThat(decision("bypass", list + "," + target, target, port)).isEqualTo("direct");
            assertThat(decision("bypass", list + ",*." + target, "x." + target, port))
                    .isEqualTo("direct");
        }
    }

    @CsvSource({
        "'a.example,.b *.c', 'x.a.example', 80",
        "'a.example:80', 'a.example', 80",
        "'10.0.0.1/8 [::1]', '10.1.2.3', 1",
        "'*', 'h', 1",
        "'[,],*x,/,10.0.0.0/33', 'x', 7",
        "',,\t ', 'h', 1"
    })
    @FuzzTest
    void noProxy_anyTextAndTarget_decidesWhateverTheOrderAndTheCase(
            @NotNull @WithUtf8Length(max = 200) String list,
            @NotNull @WithUtf8Length(max = 60) String target,
            int number) {
        int port = Math.floorMod(number, 65536);
        String decision = decision("NO_PROXY", list, target, port);

        assertThat(decision).isIn("direct", "via");
        assertThat(decision("NO_PROXY", list.replace(' ', ','), target, port)).isEqualTo(decision);
        assertThat(decision("NO_PROXY", list.replace(",", " , "), target, port)).isEqualTo(decision);
        assertThat(decision("NO_PROXY", reversed(list, "[,\t ]"), target, port)).isEqualTo(decision);
        if (isAscii(list + target)) {
            assertThat(decision("NO_PROXY", list.toUpperCase(Locale.ROOT), target, port))
                    .isEqualTo(decision);
        }
        if (isName(target)) {
            assertThat(decision("NO_PROXY", list + "," + target, target, port)).isEqualTo("direct");
            assertThat(decision("NO_PROXY", list + ",." + target, "x." + target, port))
                    .isEqualTo("direct");
        }
    }

    @CsvSource({
        "'a.example|*.b', 'x.b'",
        "'127.*|[::1]|10.*', '10.1.2.3'",
        "'*', 'h'",
        "'*x*', 'axb'",
        "'x*', 'xb'",
        "'||', 'h'",
        "'**', 'h'",
        "'a*b', 'a*b'",
        "'X.', 'x'"
    })
    @FuzzTest
    void nonProxyHosts_anyTextAndName_decidesAsItsStarsSay(
            @NotNull @WithUtf8Length(max = 100) String list, @NotNull @WithUtf8Length(max = 60) String target) {
        String decision = decision("socksNonProxyHosts", list, target, 80);

        assertThat(decision).isIn("direct", "via");
        assertThat(decision("socksNonProxyHosts", reversed(list, "\\|"), target, 80))
                .isEqualTo(decision);
        if (isName(target) && isAscii(list) && !list.isEmpty() && !isLocal(target)) {
            boolean direct = false;
            for (String entry : (list + "|" + SocksProperties.DEFAULT_NON_PROXY_HOSTS).split("\\|", -1)) {
                String text =
                        entry.trim().toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
                direct |=
                        !text.isEmpty() && IpLiteral.parse(text) == null && matches(text, HostNames.normalize(target));
            }
            assertThat(decision).isEqualTo(direct ? "direct" : "via");
        }
    }

    private static boolean matches(String text, String name) {
        boolean before = text.startsWith("*");
        boolean after = text.length() > 1 && text.endsWith("*");
        String body = text.substring(before ? 1 : 0, text.length() - (after ? 1 : 0));
        if (after) {
            return before ? name.contains(body) : name.startsWith(body);
        }
        body = body.length() > 1 && body.endsWith(".") ? body.substring(0, body.length() - 1) : body;
        return before ? name.endsWith(body) : name.equals(body);
    }

    /** Returns {@code direct}, {@code via} or {@code error}, with a list of targets in one place. */
    private static String decision(String place, String list, String target, int port) {
        Sources sources = switch (place) {
            case "bypass" ->
                Sources.none().property("argyle.proxy", "socks5h://s").property("argyle.bypass", list);
            case "NO_PROXY" ->
                Sources.none().variable("ALL_PROXY", "socks5h://s").variable("NO_PROXY", list);
            default -> Sources.none().property("socksProxyHost", "s").property(place, list);
        };
        try {
            String route = Sources.route(sources.load(), target, port);
            return route.substring(0, route.indexOf(' '));
        } catch (ConfigurationException e) {
            assertThat(place).isEqualTo("bypass");
            assertThat(e.getMessage()).startsWith("-Dargyle.bypass: ");
            return "error";
        }
    }

    private static String outcome(Sources sources, String target) {
        try {
            Settings settings = sources.load();
            return settings + " " + settings.values() + " " + settings.notes() + settings.appliesTo(target)
                    + settings.routes().staysName(target) + Sources.route(settings, target, 80);
        } catch (ConfigurationException e) {
            assertThat(e.getMessage()).isNotBlank().matches("\\P{Cntrl}*");
            return e.getMessage();
        }
    }

    /** Returns whether a piece of a password reads as a key with its value: it is then cut off from what is secret. */
    private static boolean hasKey(String password) {
        for (String piece : Lists.split(password, ',')) {
            int equals = piece.indexOf('=');
            if (equals > 0 && Key.of(piece.substring(0, equals)) != null) {
                return true;
            }
        }
        return false;
    }

    /** A device can be read without end. */
    private static boolean namesDevice(String argument) {
        return argument.contains("/dev") || argument.contains("/proc");
    }

    private static String reversed(String list, String separator) {
        List<String> entries = new ArrayList<>(List.of(list.split(separator, -1)));
        Collections.reverse(entries);
        return String.join(separator.equals("\\|") ? "|" : ",", entries);
    }

    private static boolean isName(String text) {
        return isAscii(text) && HostNames.isValid(HostNames.normalize(text)) && !text.endsWith(".");
    }

    private static boolean isLocal(String name) {
        String normal = HostNames.normalize(name);
        return normal.equals("localhost") || normal.endsWith(".localhost");
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
