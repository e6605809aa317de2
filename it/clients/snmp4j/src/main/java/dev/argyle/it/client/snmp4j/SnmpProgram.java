// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.client.snmp4j;

import dev.argyle.it.client.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.event.ResponseListener;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * Asks SNMP agents for values at once, all from one socket.
 *
 * <p>Arguments: URIs {@code udp://agent:port/oid}. Prints each value.
 */
public final class SnmpProgram {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int RETRIES = 2;

    private SnmpProgram() {}

    public static void main(String[] uris) throws IOException, InterruptedException {
        try (Snmp snmp = new Snmp(new DefaultUdpTransportMapping())) {
            snmp.listen();
            Requests.send(uris, uri -> ask(snmp, uri));
        }
    }

    @SuppressWarnings("AddressSelection") // an application's usual call
    private static CompletableFuture<String> ask(Snmp snmp, URI uri) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            CommunityTarget<UdpAddress> target = new CommunityTarget<>(
                    new UdpAddress(InetAddress.getByName(uri.getHost()), uri.getPort()), new OctetString("public"));
            target.setVersion(SnmpConstants.version2c);
            target.setTimeout(TIMEOUT_MILLIS);
            target.setRetries(RETRIES);
            PDU request = new PDU();
            request.setType(PDU.GET);
            request.add(new VariableBinding(new OID(uri.getPath().substring(1))));
            snmp.send(request, target, null, new ResponseListener() {
                @Override
                public <A extends Address> void onResponse(ResponseEvent<A> event) {
                    snmp.cancel(event.getRequest(), this);
                    if (event.getResponse() == null) {
                        answer.completeExceptionally(new SocketTimeoutException("no answer"));
                    } else {
                        answer.complete(event.getResponse().get(0).toValueString());
                    }
                }
            });
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
