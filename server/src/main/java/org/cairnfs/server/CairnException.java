package org.cairnfs.server;

import java.util.Objects;

/**
 * A failure that a person can do something about: what happened, what to do next, and the exit code of the command.
 *
 * <p>Both texts are shown to users as they are, in one line: no secrets, no class names, no line breaks.
 */
public class CairnException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String advice;

    /**
     * @param message what happened and to what, e.g. "port 2049 is in use"
     * @param advice what to do next, e.g. "choose another with --port"; may be empty
     */
    public CairnException(ExitCode exitCode, String message, String advice) {
        this(exitCode, message, advice, null);
    }

    /** @param cause shown with --debug only */
    public CairnException(ExitCode exitCode, String message, String advice, Throwable cause) {
        super(flatten(message), cause);
        this.exitCode = Objects.requireNonNull(exitCode);
        this.advice = flatten(advice);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** What to do next; empty if there is nothing to add. */
    public String advice() {
        return advice;
    }

    /** Message and advice as the one line that a person sees. */
    public String toLine() {
        return advice.isEmpty() ? getMessage() : getMessage() + "; " + advice;
    }

    private static String flatten(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }
}
