// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * The figures of several programs that ran in alternation. A figure of one is compared with that of another of the same
 * round, so that what else the machine did meanwhile cancels out. Confined to one thread.
 */
final class Rounds {
    private final Map<String, List<Double>> values = new HashMap<>();

    /** Adds what a program has measured in the next round. */
    void add(String program, String figure, double value) {
        values.computeIfAbsent(key(program, figure), key -> new ArrayList<>()).add(value);
    }

    double median(String program, String figure) {
        return median(values(program, figure));
    }

    /** The median of a program's figure divided by another's. */
    double ratio(String program, String other, String figure) {
        return paired(program, other, figure, (a, b) -> a / b);
    }

    /** The median of a program's figure less another's. */
    double difference(String program, String other, String figure) {
        return paired(program, other, figure, (a, b) -> a - b);
    }

    private double paired(String program, String other, String figure, DoubleBinaryOperator compare) {
        List<Double> a = values(program, figure);
        List<Double> b = values(other, figure);
        List<Double> compared = new ArrayList<>();
        for (int round = 0; round < a.size(); round++) {
            compared.add(compare.applyAsDouble(a.get(round), b.get(round)));
        }
        return median(compared);
    }

    private List<Double> values(String program, String figure) {
        List<Double> found = values.get(key(program, figure));
        if (found == null) {
            throw new IllegalArgumentException(program + " has not measured " + figure);
        }
        return found;
    }

    private static String key(String program, String figure) {
        return program + ": " + figure;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
