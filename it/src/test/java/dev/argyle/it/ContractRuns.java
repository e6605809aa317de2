// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/** Runs of the contract's program at the same time: they mostly wait. */
final class ContractRuns {
    private ContractRuns() {}

    /** Makes the run of one of the things that are gone through. */
    interface Making<T> {
        ContractRun run(T each) throws Exception;
    }

    /** Says what has to hold of the run of one of them. */
    interface Checking<T> {
        Stream<DynamicTest> tests(T each, ContractRun run);
    }

    /** Makes a run for each, so many at once, then tests for each. */
    static <T> Stream<DynamicContainer> each(Collection<T> all, int atOnce, Making<T> making, Checking<T> checking)
            throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(atOnce);
        try {
            List<Callable<ContractRun>> runs = new ArrayList<>();
            for (T each : all) {
                runs.add(() -> making.run(each));
            }
            List<DynamicContainer> containers = new ArrayList<>();
            List<Future<ContractRun>> made = executor.invokeAll(runs);
            for (T each : all) {
                containers.add(container(each, made.get(containers.size()), checking));
            }
            return containers.stream();
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> DynamicContainer container(T each, Future<ContractRun> run, Checking<T> checking) {
        try {
            return dynamicContainer(each.toString(), checking.tests(each, run.get()));
        } catch (Exception e) {
            return dynamicContainer(each.toString(), Stream.of(dynamicTest("the run", () -> {
                throw e;
            })));
        }
    }
}
