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

    /** The script once the request is known: what is for associations alone is played for them, and for no other. */
    Script forRequest(boolean isAssociate) {
        return new Script(faults.stream()
                .map(fault -> isAssociate && fault instanceof Fault.OfAssociations only ? only.fault() : fault)
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
