package org.cairnfs.server.exports;

import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/** An exports file that cannot be understood, with the place in it. */
public final class ExportsSyntaxException extends CairnException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    /**
     * @param source the file, for the message
     * @param line from 1
     * @param column from 1, in characters
     */
    ExportsSyntaxException(String source, int line, int column, String message, String advice) {
        super(ExitCode.CONFIG, source + ":" + line + ":" + column + ": " + message, advice);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
