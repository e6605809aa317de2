// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.it.demo;

import java.util.ArrayList;
import java.util.List;

/** Text in columns that are as wide as their widest cell. Confined to one thread. */
final class Table {
    private static final String MARGIN = "  ";

    private final int columns;
    private final List<Integer> rightAligned;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Begins with the headings, over a rule.
     *
     * @param rightAligned the columns of numbers, from 0
     */
    Table(List<Integer> rightAligned, String... headings) {
        this.columns = headings.length;
        this.rightAligned = List.copyOf(rightAligned);
        rows.add(List.of(headings));
    }

    /** Adds a row with a cell for each column. */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            StringBuilder rule = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(width(column) - row.get(column).length());
                boolean right = rightAligned.contains(column);
                line.append(MARGIN).append(right ? padding : "").append(row.get(column));
                line.append(right ? "" : padding);
                rule.append(MARGIN).append("-".repeat(width(column)));
            }
            lines.add(line.toString().stripTrailing());
            if (lines.size() == 1) {
                lines.add(rule.toString());
            }
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
