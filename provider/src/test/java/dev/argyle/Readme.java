// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The tables and examples of README.md, for tests that hold them to the code. */
public final class Readme {
    private static final Path FILE = Path.of("..", "README.md");

    private Readme() {}

    /**
     * The rows below a heading's row, each with its cells, without the back quotes around a cell.
     *
     * @param headings the row that begins the table, as it is written
     */
    public static List<List<String>> table(String headings) throws IOException {
        return Files.readAllLines(FILE).stream()
                .dropWhile(line -> !line.equals(headings))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(Readme::cells)
                .toList();
    }

    /** The lines of the first block of code below a heading. */
    public static List<String> block(String heading) throws IOException {
        return Files.readAllLines(FILE).stream()
                .dropWhile(line -> !line.equals(heading))
                .dropWhile(line -> !line.equals("```"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1, row.lastIndexOf('|')).split("\\|"))
                .map(cell -> cell.strip().replaceAll("^`([^`]*)`$", "$1"))
                .toList();
    }
}
