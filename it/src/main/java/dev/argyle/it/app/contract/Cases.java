// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.app.contract;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The cases by name, in the order in which they run. */
final class Cases {
    private final Map<String, Case> byName = new LinkedHashMap<>();
    private final Set<String> pending = new HashSet<>();

    /** Adds a case under a name that no other has. */
    void add(String name, Case body) {
        if (byName.put(name, body) != null) {
            throw new IllegalArgumentException("two cases are named " + name);
        }
    }

    /** Adds a case whose connects never get to their end: it uses no target but the stalled one. */
    void addPending(String name, Case body) {
        add(name, body);
        pending.add(name);
    }

    /** Adds a case of virtual threads, which only says so where there are none. */
    void addVirtual(String name, Case body) {
        add(name, VirtualThreads.whereAvailable(body));
    }

    /** The same for a case whose connects never get to their end. */
    void addPendingVirtual(String name, Case body) {
        addPending(name, VirtualThreads.whereAvailable(body));
    }

    Map<String, Case> byName() {
        return byName;
    }

    boolean isPending(String name) {
        return pending.contains(name);
    }

    /**
     * The cases of a contract.
     *
     * @throws IllegalArgumentException for any other than {@code sockets}, {@code channels}, {@code datagrams} and
     *     {@code listening}
     */
    static Cases of(String contract) {
        return switch (contract) {
            case "sockets" -> sockets();
            case "channels" -> channels();
            case "datagrams" -> datagrams();
            case "listening" -> listening();
            default -> throw new IllegalArgumentException("no such contract: " + contract);
        };
    }

    /** All that java.net.Socket does; what sets a factory for the whole JVM comes last. */
    private static Cases sockets() {
        Cases cases = new Cases();
        AddressCases.addTo(cases);
        ConstructorCases.addTo(cases);
        TargetCases.addTo(cases);
        NameCases.addTo(cases);
        OptionCases.addTo(cases);
        ConnectCases.addTo(cases);
        ErrnoCases.addTo(cases);
        StreamCases.addTo(cases);
        PeerCases.addTo(cases);
        HalfCloseCases.addTo(cases);
        TimeoutCases.addTo(cases);
        ClosingCases.addTo(cases);
        InterruptCases.addTo(cases);
        ServerCases.addTo(cases);
        TlsCases.addTo(cases);
        HttpCases.addTo(cases);
        VolumeCases.addTo(cases);
        FactoryCases.addTo(cases);
        return cases;
    }

    /** All channels that make TCP connections, the selectors that wait for them, and the JDK's client that has no other. */
    private static Cases channels() {
        Cases cases = new Cases();
        ChannelConnectCases.addTo(cases);
        ChannelBlockingCases.addTo(cases);
        NonBlockingCases.addTo(cases);
        SelectorCases.addTo(cases);
        SelectorPendingCases.addTo(cases);
        ChannelSocketCases.addTo(cases);
        ChannelDataCases.addTo(cases);
        AsynchronousCases.addTo(cases);
        ErrnoCases.addToChannels(cases);
        HttpClientCases.addTo(cases);
        return cases;
    }

    /** All that sends and receives datagrams; what sets a factory for the whole JVM comes last. */
    private static Cases datagrams() {
        Cases cases = new Cases();
        DatagramEchoCases.addTo(cases);
        DatagramStateCases.addTo(cases);
        DatagramTimeoutCases.addTo(cases);
        DatagramClosingCases.addTo(cases);
        DatagramOptionCases.addTo(cases);
        DatagramNameCases.addTo(cases);
        DatagramVolumeCases.addTo(cases);
        MulticastCases.addTo(cases);
        DatagramChannelCases.addTo(cases);
        DatagramChannelEndCases.addTo(cases);
        DatagramSelectorCases.addTo(cases);
        DatagramFactoryCases.addTo(cases);
        return cases;
    }

    /** All that listens for TCP connections from outside. */
    private static Cases listening() {
        Cases cases = new Cases();
        ListenCases.addTo(cases);
        AcceptCases.addTo(cases);
        AcceptedSocketCases.addTo(cases);
        AcceptTlsCases.addTo(cases);
        ListenChannelCases.addTo(cases);
        ListenSelectorCases.addTo(cases);
        ListenAsynchronousCases.addTo(cases);
        return cases;
    }
}
