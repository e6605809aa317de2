// Copyright The Argyle Authors
// SPDX-License-Identifier: Apache-2.0
package dev.argyle.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads small files of text. Stateless. */
final class TextFile {
    private TextFile() {}

    /**
     * Returns the lines of a file in UTF-8, without what ends them and without a byte order mark.
     *
     * @throws InvalidValueException if the file cannot be read or is not UTF-8
     */
    static List<String> lines(String path) throws InvalidValueException {
        return lines(path, CodingErrorAction.REPORT);
    }

    /**
     * Returns the same lines.
     *
     * @param malformed what becomes of that which is not UTF-8
     * @throws InvalidValueException if the file cannot be read, or is not UTF-8 and that is to be reported
     */
    static List<String> lines(String path, CodingErrorAction malformed) throws InvalidValueException {
        byte[] octets;
        try (InputStream in = new FileInputStream(path)) {
            octets = in.readAllBytes();
        } catch (IOException e) {
            throw new InvalidValueException("cannot read the file: " + reason(e, path));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(malformed)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidValueException("the file " + Shown.quote(path) + " is not UTF-8");
        }
        return split(text.startsWith("\ufeff") ? text.substring(1) : text);
    }

    /** The JDK's messages start with the path, which may be no path at all but a secret put in its place. */
    private static String reason(IOException e, String path) {
        boolean pathLike = path.indexOf('@') < 0 && (path.indexOf(':') < 0 || AgentArgument.startsAsPath(path));
        if (!pathLike) {
            return "the value is not a path (not shown)";
        }
        String message = e.getMessage();
        return message == null ? Shown.quote(path) : message;
    }

    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                lines.add(text.substring(start, i));
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
        lines.add(text.substring(start));
        return lines;
    }
}
