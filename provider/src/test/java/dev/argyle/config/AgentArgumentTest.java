// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentArgumentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                  | {}",
                "''                                | {}",
                "socks5h://h:1080                  | {proxy=socks5h://h:1080}",
                "h:1080                            | {proxy=h:1080}",
                "h:1,i:2                           | {proxy=h:1,i:2}",
                "[::1]:1080                        | {proxy=[::1]:1080}",
                "socks5h://u:p=x@h                 | {proxy=socks5h://u:p=x@h}",
                "h,log=debug                       | {log=debug, proxy=h}",
                "h,log=debug,bypass=a,b,quiet=true | {bypass=a,b, log=debug, proxy=h, quiet=true}",
                "bypass=a,b, .c ,proxy=h           | {bypass=a,b,.c, proxy=h}",
                "bypass=[::1]:80,::1               | {bypass=[::1]:80,::1}",
                "bypass=                           | {bypass=}",
                "bypass=a,                         | {bypass=a,}",
                "main-class=a=b                    | {main-class=a=b}",
                "/x                                | {config=/x}",
                "/x=y,log=debug                    | {config=/x=y, log=debug}",
                "/a,b                              | {config=/a,b}",
                "./x                               | {config=./x}",
                "../x                              | {config=../x}",
                "C:\\x                             | {config=C:\\x}",
                "c:/x                              | {config=c:/x}",
                "\\\\host\\x                       | {config=\\\\host\\x}",
                "x.properties                      | {config=x.properties}",
                "a b.properties,log=debug          | {config=a b.properties, log=debug}",
                "socks5h://x.properties            | {proxy=socks5h://x.properties}",
                "c:1080                            | {proxy=c:1080}",
                "Proxy=h                           | {proxy=Proxy=h}",
                "=h                                | {proxy==h}",
                "1=h                               | {proxy=1=h}",
            })
    void read_argument_splitsIntoKeys(String argument, String expected) throws Exception {
        Map<String, String> texts = new TreeMap<>();
        AgentArgument.read(argument, "agent argument").forEach((key, value) -> texts.put(key.text(), value.text()));
        assertThat(texts).hasToString(expected);
    }

    @Test
    void read_leadingServerAndProxy_isGivenTwice() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> AgentArgument.read("h,proxy=i", "agent argument"))
                .withMessageStartingWith("agent argument: proxy: given twice;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5h://u:one,sesame=two@h",
                "socks5h://u:one,sesame=two,three@h",
                "proxy=socks5h://u:one,sesame=,@h,log=debug"
            })
    void read_passwordCutAtComma_isNotShown(String argument) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> AgentArgument.read(argument, "agent argument"))
                .withMessage("agent argument: proxy: piece 2 is neither a server nor a known key (not shown);"
                        + " a comma within a password is written %2C");
    }

    @Test
    void read_unknownKeyBeforeKnownOneWithAt_isShown() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> AgentArgument.read("h,bypas=a,main-class=a@b", "agent argument"))
                .withMessage("agent argument: unknown key 'bypas'; did you mean 'bypass'?");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> AgentArgument.read("bypas=a,proxy=u:p@h", "agent argument"))
                .withMessage("agent argument: unknown key 'bypas'; did you mean 'bypass'?");
    }

    @Test
    void valueToString_secret_isNotShown() throws Exception {
        assertThat(AgentArgument.read("u:sesame@h", "agent argument")).hasToString("{proxy=agent argument}");
    }
}
