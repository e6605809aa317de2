// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.transport;

import dev.argyle.protocol.Address;
import dev.argyle.route.IpLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The target itself, looked up for real if it is a name. Used by one thread at a time. */
final class TargetHops implements Connect.HopSource {
    private final Address target;
    private final Carrier carrier;
    private final NameService names;
    private final LookUps lookUps;
    private final @Nullable Runnable whenLookedUp;
    private LookUps.@Nullable LookUp<InetAddress[]> lookUp;

    /** @param whenLookedUp what to run instead of waiting, null for a caller that can wait */
    TargetHops(Address target, Carrier carrier, NameService names, LookUps lookUps, @Nullable Runnable whenLookedUp) {
        this.target = target;
        this.carrier = carrier;
        this.names = names;
        this.lookUps = lookUps;
        this.whenLookedUp = whenLookedUp;
    }

    @Override
    public @Nullable List<Hop> hops(boolean late) throws IOException {
        InetAddress[] addresses = addresses(late);
        if (addresses == null) {
            return null;
        }
        List<Hop> hops = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (address.getAddress().length == 4 || carrier.supportsIPv6()) {
                hops.add(new Hop(null, new InetSocketAddress(address, target.port())));
            }
        }
        if (hops.isEmpty()) {
            throw new SocketException("Protocol family unavailable: " + target + " has IPv6 addresses only");
        }
        return hops;
    }

    private InetAddress @Nullable [] addresses(boolean late) throws UnknownHostException {
        byte[] octets = IpLiteral.parse(target.host());
        if (octets != null) {
            return new InetAddress[] {InetAddress.getByAddress(octets)};
        }
        if (whenLookedUp == null) {
            return names.lookUp(target.host());
        }
        if (lookUp == null) {
            lookUp = lookUps.begin(
                    new LookUps.Question<>() {
                        @Override
                        public InetAddress[] ask() throws UnknownHostException {
                            return names.lookUp(target.host());
                        }
                    },
                    whenLookedUp);
        }
        InetAddress[] addresses = lookUp.answer();
        if (addresses == null && late) {
            throw new UnknownHostException(target.host() + ": not looked up within connect.timeout");
        }
        return addresses;
    }
}
