package org.cairnfs.server.exports;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts an exports file into lines of words: comments, continuation lines, quotes and octal escapes are gone afterwards.
 *
 * <p>A word that begins with {@code "} ends at the next one. A backslash with three octal digits is a byte of UTF-8; at the end of
 * a line it joins the next one; else it stands for itself, as in exports(5). For one thread, once.
 */
final class ExportsScanner {
    /**
     * One word and where it began.
     *
     * @param text decoded
     * @param plain whether nothing was decoded, so that a position in it is one in the file
     */
    record Word(String text, int line, int column, boolean plain) {}

    private final String source;
    private final String text;
    private int position;
    private int line = 1;
    private int column = 1;

    ExportsScanner(String source, String text) {
        this.source = source;
        this.text = text;
    }

    /** All logical lines that have a word. */
    List<List<Word>> lines() throws ExportsSyntaxException {
        List<List<Word>> lines = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        while (position < text.length()) {
            char next = text.charAt(position);
            if (isContinuation()) {
                advance(continuationLength());
            } else if (next == '\n') {
                if (!words.isEmpty()) {
                    lines.add(words);
                    words = new ArrayList<>();
                }
                advance(1);
            } else if (Character.isWhitespace(next)) {
                advance(1);
            } else if (next == '#') {
                skipComment();
            } else {
                words.add(next == '"' ? quoted() : bare());
            }
        }
        if (!words.isEmpty()) {
            lines.add(words);
        }
        return lines;
    }

    private Word bare() throws ExportsSyntaxException {
        int startLine = line;
        int startColumn = column;
        int start = position;
        while (position < text.length() && !Character.isWhitespace(text.charAt(position)) && !isContinuation()) {
            advance(1);
        }
        return decoded(text.substring(start, position), startLine, startColumn, true);
    }

    private Word quoted() throws ExportsSyntaxException {
        int startLine = line;
        int startColumn = column;
        advance(1);
        int start = position;
        while (position < text.length() && text.charAt(position) != '"' && text.charAt(position) != '\n') {
            advance(1);
        }
        if (position == text.length() || text.charAt(position) == '\n') {
            throw new ExportsSyntaxException(
                    source, startLine, startColumn, "the quote is not closed in this line", "");
        }
        String inside = text.substring(start, position);
        advance(1);
        if (position < text.length() && !Character.isWhitespace(text.charAt(position)) && !isContinuation()) {
            throw new ExportsSyntaxException(source, line, column, "want a space after the closing quote", "");
        }
        return decoded(inside, startLine, startColumn, false);
    }

    /** A comment ends with its line, even after a backslash. */
    private void skipComment() {
        while (position < text.length() && text.charAt(position) != '\n') {
            advance(1);
        }
    }

    private Word decoded(String raw, int atLine, int atColumn, boolean bare) throws ExportsSyntaxException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean escapes = false;
        int i = 0;
        while (i < raw.length()) {
            if (isOctal(raw, i)) {
                int value = Integer.parseInt(raw.substring(i + 1, i + 4), 8);
                if (value == 0 || value > 0xFF) {
                    throw new ExportsSyntaxException(
                            source, atLine, atColumn, "there is no character " + raw.substring(i, i + 4), "");
                }
                bytes.write(value);
                escapes = true;
                i += 4;
            } else {
                int codePoint = raw.codePointAt(i);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(codePoint);
            }
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return new Word(decoded, atLine, atColumn, bare && !escapes);
        } catch (CharacterCodingException e) {
            throw new ExportsSyntaxException(source, atLine, atColumn, "the escapes do not make UTF-8 text", "");
        }
    }

    private static boolean isOctal(String raw, int at) {
        return raw.charAt(at) == '\\'
                && at + 3 < raw.length()
                && raw.substring(at + 1, at + 4).chars().allMatch(c -> c >= '0' && c <= '7');
    }

    private boolean isContinuation() {
        return text.startsWith("\\\n", position) || text.startsWith("\\\r\n", position);
    }

    private int continuationLength() {
        return text.charAt(position + 1) == '\n' ? 2 : 3;
    }

    private void advance(int characters) {
        for (int i = 0; i < characters; i++) {
            char passed = text.charAt(position++);
            if (passed == '\n') {
                line++;
                column = 1;
            } else if (!Character.isLowSurrogate(passed)) {
                column++;
            }
        }
    }

    /** Writes a path as one word of an exports file. */
    static String escape(String path) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b != '"' && b != '\\' && b != '#' && b != 0x7F;
            escaped.append(plain ? String.valueOf((char) b) : String.format("\\%03o", b & 0xFF));
        }
        return escaped.toString();
    }

    /** A path without doubled and trailing slashes; empty if it is relative or holds {@code .} or {@code ..}. */
    static Optional<String> normalize(String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        StringBuilder normal = new StringBuilder();
        for (String component : path.split("/+", -1)) {
            if (component.equals(".") || component.equals("..")) {
                return Optional.empty();
            }
            if (!component.isEmpty()) {
                normal.append('/').append(component);
            }
        }
        return Optional.of(normal.length() == 0 ? "/" : normal.toString());
    }
}
