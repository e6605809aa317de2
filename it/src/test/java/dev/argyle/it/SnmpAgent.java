// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** An agent whose values are the last numbers of their names. */
final class SnmpAgent implements DatagramService, CommandResponder {
    private final List<InetSocketAddress> visitors = new CopyOnWriteArrayList<>();
    private final DefaultUdpTransportMapping transport;
    private final Snmp snmp;

    private SnmpAgent(InetAddress at) throws IOException {
        transport = new DefaultUdpTransportMapping(new UdpAddress(at, 0));
        snmp = new Snmp(transport);
    }

    static SnmpAgent start(InetAddress at) throws IOException {
        SnmpAgent agent = new SnmpAgent(at);
        agent.snmp.addCommandResponder(agent);
        agent.snmp.listen();
        return agent;
    }

    @Override
    public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
        UdpAddress from = (UdpAddress) event.getPeerAddress();
        visitors.add(new InetSocketAddress(from.getInetAddress(), from.getPort()));
        event.setProcessed(true);
        PDU answer = (PDU) event.getPDU().clone();
        answer.setType(PDU.RESPONSE);
        OID name = answer.get(0).getOid();
        answer.set(0, new VariableBinding(name, new Integer32(name.last())));
        try {
            event.getMessageDispatcher()
                    .returnResponsePdu(
                            event.getMessageProcessingModel(),
                            event.getSecurityModel(),
                            event.getSecurityName(),
                            event.getSecurityLevel(),
                            answer,
                            event.getMaxSizeResponsePDU(),
                            event.getStateReference(),
                            new StatusInformation());
        } catch (MessageException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public int port() {
        return transport.getListenAddress().getPort();
    }

    @Override
    public List<InetSocketAddress> visitors() {
        return List.copyOf(visitors);
    }

    @Override
    public void close() throws IOException {
        snmp.close();
    }
}
