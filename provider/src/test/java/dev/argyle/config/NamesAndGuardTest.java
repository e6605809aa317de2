// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argyle.name.StandInBlock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys names.local, names.range, names.reverse and guard. */
class NamesAndGuardTest {
    @Test
    void keys_withoutAValue_haveTheirDefaults() throws Exception {
        Settings settings = Sources.argument("h").load();

        assertThat(settings.localNames().hostsFile()).isTrue();
        assertThat(settings.localNames().patterns()).isEmpty();
        assertThat(settings.standIns()).hasToString("[198.18.0.0/15, 100:0:0:0:0:0:0:0/64]");
        assertThat(settings.standIns()).hasToString(StandInBlock.defaults().toString());
        assertThat(settings.reverseNames()).isTrue();
        assertThat(settings.uncarried()).isEqualTo(GuardMode.ENFORCE);
        assertThat(settings.uncovered()).isEqualTo(GuardMode.OFF);
        assertThat(settings.origins()).doesNotContainKey(Key.GUARD);
    }

    @ParameterizedTest
    @CsvSource({"enforce, ENFORCE", "audit, AUDIT", "off, OFF"})
    void guard_withAValue_isForBoth(String value, GuardMode mode) throws Exception {
        Settings settings = Sources.argument("h,guard=" + value).load();

        assertThat(settings.uncarried()).isEqualTo(mode);
        assertThat(settings.uncovered()).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"on, true", "off, false"})
    void namesReverse_isOnOrOff(String value, boolean on) throws Exception {
        assertThat(Sources.argument("h,names.reverse=" + value).load().reverseNames())
                .isEqualTo(on);
    }

    @Test
    void namesLocal_ofPatterns_matchesTheirNames_andTakesTheDefaultAway() throws Exception {
        LocalNames names =
                Sources.argument("h,names.local=.corp,*.Lab,db").load().localNames();

        assertThat(names.hostsFile()).isFalse();
        assertThat(names.matches("a.corp")).isTrue();
        assertThat(names.matches("corp")).isTrue();
        assertThat(names.matches("a.lab")).isTrue();
        assertThat(names.matches("lab")).isFalse();
        assertThat(names.matches("db")).isTrue();
        assertThat(names.matches("a.db")).isFalse();
        assertThat(Sources.argument("h,names.local=*").load().localNames().matches("any.name"))
                .isTrue();
    }

    @Test
    void namesLocal_ofHostsBesidePatterns_isBoth() throws Exception {
        LocalNames names = Sources.argument("h,names.local=hosts,.corp").load().localNames();

        assertThat(names.hostsFile()).isTrue();
        assertThat(names.matches("a.corp")).isTrue();
        assertThat(names.matches("hosts")).isFalse();
    }

    @Test
    void namesLocal_none_isNothing() throws Exception {
        LocalNames names = Sources.argument("h,names.local=none").load().localNames();

        assertThat(names.hostsFile()).isFalse();
        assertThat(names.patterns()).isEmpty();
    }

    @Test
    void namesRange_ofBlocks_isInTheirOrder() throws Exception {
        assertThat(Sources.argument("h,names.range=fd00::/64,[fd01::/64],10.99.0.0/16")
                        .load()
                        .standIns())
                .hasToString("[fd00:0:0:0:0:0:0:0/64, fd01:0:0:0:0:0:0:0/64, 10.99.0.0/16]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "guard=on | guard: got 'on' (expected: enforce, audit, off)",
                "guard= | guard: is empty",
                "names.reverse=true | names.reverse: got 'true' (expected: on or off)",
                "names.local=none,hosts | names.local: none stands alone; got 'none,hosts'",
                "names.local=.corp,none | names.local: none stands alone; got '.corp,none'",
                "names.local=a:80 | names.local: names alone, since a look-up knows no port and an address needs none;"
                        + " got 'a:80'",
                "names.local=10.0.0.0/8 | names.local: names alone, since an address needs no look-up; got '10.0.0.0/8'",
                "names.local=a..b | names.local: neither a name nor an address; got 'a..b'",
                "names.local=a,,b | names.local: an entry of the list is empty; got 'a,,b'",
                "names.range=example.com | names.range: not a block of addresses, as in 198.18.0.0/15;"
                        + " got 'example.com'",
                "names.range=198.18.0.1/15 | names.range: bits are set behind the prefix; write 198.18.0.0/15;"
                        + " got '198.18.0.1/15'",
                "names.range=198.18.0.0/33 | names.range: the prefix is not a number from 0 to 32; got '198.18.0.0/33'",
                "names.range=198.18.0.0 | names.range: 198.18.0.0/32: a prefix of 32 (expected: 8 to 30)",
                "names.range=10.1.0.0/16,10.0.0.0/8 | names.range: overlaps 10.1.0.0/16; leave one out; got '10.0.0.0/8'",
                "names.range=10.0.0.0/8,10.1.0.0/16 | names.range: overlaps 10.0.0.0/8; leave one out; got '10.1.0.0/16'",
                "names.range=, | names.range: an entry of the list is empty; got ','",
            })
    void value_thatIsWrong_isAnError(String argumentAndMessage) {
        String[] parts = argumentAndMessage.split(" \\| ");

        assertThat(Sources.argument("proxy=h," + parts[0]).error()).isEqualTo("agent argument: " + parts[1]);
    }
}
