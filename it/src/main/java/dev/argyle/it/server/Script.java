// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.server;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The faults that one connection meets. */
record Script(List<Fault> faults) {

    /** The first fault of a kind, or null. */
    <F extends Fault> @Nullable F find(Class<F> kind) {
        return find(kind, fault -> true);
    }

    Fault.@Nullable End endAt(Step step) {
        return find(Fault.End.class, end -> end.at() == step);
    }

    Fault.@Nullable Say sayAt(Step step) {
        return find(Fault.Say.class, say -> say.at() == step);
    }

    Fault.@Nullable Hold holdAt(Step step) {
        return find(Fault.Hold.class, hold -> hold.at() == step);
    }

    /** The script once the request is known: what is for one command alone is played for it, and for no other. */
    Script forRequest(int command) {
        return new Script(
                faults.stream().map(fault -> playedFor(command, fault)).toList());
    }

    private static Fault playedFor(int command, Fault fault) {
        if (command == Socks.UDP_ASSOCIATE && fault instanceof Fault.OfAssociations only) {
            return only.fault();
        }
        return command == Socks.BIND && fault instanceof Fault.OfBinds only ? only.fault() : fault;
    }

    /** The script once the first reply to BIND was sent. */
    Script forSecondReply() {
        return new Script(faults.stream()
                .filter(Fault.OfSecondReply.class::isInstance)
                .map(fault -> ((Fault.OfSecondReply) fault).fault())
                .toList());
    }

    private <F extends Fault> @Nullable F find(Class<F> kind, Predicate<F> condition) {
        for (Fault fault : faults) {
            if (kind.isInstance(fault) && condition.test(kind.cast(fault))) {
                return kind.cast(fault);
            }
        }
        return null;
    }
}
