package org.cairnfs.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The screen of a terminal, painted again and again by ANSI sequences (ECMA-48): an alternate one, so that what was there before comes back
 * with {@link #close}, which a signal that ends the process calls, too.
 */
final class Screen implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Screen.class);
    private static final String OPEN = "\033[?1049h\033[?25l";
    private static final String CLOSE = "\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String REST_OF_LINE = "\033[K";
    private static final String REST_OF_SCREEN = "\033[J";

    private final PrintStream out;
    private final Thread atExit = new Thread(this::restore, "screen");

    /** How many characters a line has, and how many lines there are. */
    record Size(int columns, int rows) {
        /** Where nothing is known. */
        static final Size USUAL = new Size(80, 24);

        /** Of what {@code stty size} prints. */
        static Size parse(String text) {
            String[] words = text.strip().split(" ", -1);
            try {
                int rows = Integer.parseInt(words[0]);
                int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
                return rows > 0 && columns > 0 ? new Size(columns, rows) : USUAL;
            } catch (NumberFormatException e) {
                return USUAL;
            }
        }
    }

    Screen(PrintStream out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(atExit);
        out.print(OPEN);
    }

    /** Of the terminal of this process; it may change at any time. */
    static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(Path.of("/dev/tty").toFile()))
                    .redirectError(Redirect.DISCARD)
                    .start();
            return Size.parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            log.debug("the size of the terminal is not known", e);
            return Size.USUAL;
        }
    }

    /** Shows these lines, and nothing else. */
    void paint(List<String> lines) {
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(REST_OF_LINE);
        }
        out.print(frame.append(REST_OF_SCREEN));
        out.flush();
    }

    private void restore() {
        out.print(CLOSE);
        out.flush();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        restore();
    }
}
