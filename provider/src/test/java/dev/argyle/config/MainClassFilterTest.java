// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainClassFilterTest {
    @ParameterizedTest
    @CsvSource({
        "a.b.Main, a.b.Main, true",
        "a.b.Main, a.b.Main x y, true",
        "a.b.Main, a.b.Main2, false",
        "a.b.Main, x.a.b.Main, false",
        "a.b.Main, m/a.b.Main x, true",
        "m/a.b.Main, m/a.b.Main x, true",
        "a.b.*, a.b.c.Main x, true",
        "a.b.*, a.c.Main a.b.x, false",
        "*.Main, a.b.Main, true",
        "*, anything, true",
        "a*c*e, abcde, true",
        "a*c*e, abcdf, false",
        "a**, a, true",
        "*aab, aaaab, true",
        "app.jar, app.jar x, true",
        "app.jar, /opt/app.jar x, true",
        "app-*.jar, ./lib/app-1.2.jar, true",
        "app.jar, /opt/my dir/app.jar x y, true",
        "app.jar, /opt/my dir/app.jar, true",
        "/opt/*.jar, /opt/my dir/app.jar x, true",
        "app.jar, 'C:\\Program Files\\app.jar x', true",
        "app.jar, a.b.Main app.jar, false",
        "app.jar, jdk.jartool/sun.tools.jar.Main tf /x/app.jar, false",
        "app.jar, /opt/start app.jarx, false",
        "'x,a.b.Main', a.b.Main, true",
        "'x, a.b.Main', a.b.Main, true",
        "A.b.Main, a.b.Main, false",
    })
    void appliesTo_command_matchesMainClassOrJar(String value, String command, boolean expected) throws Exception {
        Settings settings = Sources.argument("main-class=" + value)
                .variable("ARGYLE_PROXY", "h")
                .load();
        assertThat(settings.appliesTo(command)).isEqualTo(expected);
    }

    @Test
    void appliesTo_commandUnknown_isTrue() throws Exception {
        Settings settings = Sources.argument("h,main-class=a.B").load();
        assertThat(settings.appliesTo(null)).isTrue();
        assertThat(settings.appliesTo("")).isTrue();
    }
}
