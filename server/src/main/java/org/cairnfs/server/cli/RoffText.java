package org.cairnfs.server.cli;

import java.util.List;

/**
 * Writes a page in roff with the macros of man(7). Texts are plain, with fonts marked by {@link ManPage.Font}; whatever roff would take
 * for more than text is escaped here.
 */
final class RoffText {
    private final StringBuilder out = new StringBuilder();

    /** Begins the page, of section 1. No date: equal sources give equal pages. */
    void title(String name, String source, String manual) {
        macro("TH", name, "1", "", source, manual);
        out.append(".nh\n.ad l\n"); // neither hyphens nor gaps in what people copy
    }

    void section(String heading) {
        macro("SH", heading);
    }

    void line(String text) {
        out.append(escape(text)).append('\n');
    }

    /** Lines of text: an empty one begins a new paragraph, those that begin with a space are kept as they are. */
    void paragraphs(List<String> lines) {
        paragraphs(lines, ".PP\n");
    }

    /** @param gap the macro between two paragraphs, which says where the second one is indented to */
    private void paragraphs(List<String> lines, String gap) {
        boolean literal = false;
        boolean ended = false;
        for (String line : lines) {
            boolean indented = line.startsWith(" ");
            if (indented != literal) {
                out.append(indented ? ".RS 4\n.nf\n" : ".fi\n.RE\n");
                literal = indented;
            }
            if (!line.isEmpty()) {
                out.append(ended ? gap : "");
                line(line.strip());
            }
            ended = line.isEmpty();
        }
        if (literal) {
            out.append(".fi\n.RE\n");
        }
    }

    /** A term and what it means. */
    void item(String term, List<String> text) {
        out.append(".TP\n");
        line(term);
        paragraphs(text, ".IP\n");
    }

    private void macro(String name, String... arguments) {
        out.append('.').append(name);
        for (String argument : arguments) {
            out.append(" \"").append(escape(argument).replace("\"", "\\(dq")).append('"');
        }
        out.append('\n');
    }

    static String escape(String text) {
        String escaped = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
        return ManPage.Font.toRoff(escaped.startsWith(".") ? "\\&" + escaped : escaped);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
