package org.cairnfs.server.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** The person at the keyboard, if there is one. */
interface Terminal {
    /** Whether somebody sees what is written and can answer. */
    boolean isInteractive();

    /** Asks for a secret, which is not shown; empty at the end of the input. The caller wipes the array. */
    Optional<char[]> askSecret(String prompt);

    /** Asks a question; empty at the end of the input, or where nobody answers. */
    Optional<String> ask(String prompt);

    /** The terminal of this process. */
    @SuppressWarnings(
            "SystemConsoleNull") // null without a terminal before Java 22; from then on, isTerminal() is asked
    static Terminal ofProcess() {
        Console console = System.console();
        boolean interactive = console != null && isTerminal(console);
        return new Terminal() {
            @Override
            public boolean isInteractive() {
                return interactive;
            }

            @Override
            public Optional<String> ask(String prompt) {
                return interactive ? Optional.ofNullable(console.readLine("%s ", prompt)) : Optional.empty();
            }

            @Override
            public Optional<char[]> askSecret(String prompt) {
                return interactive ? Optional.ofNullable(console.readPassword("%s: ", prompt)) : Optional.empty();
            }
        };
    }

    /** From Java 22 on there is a console without a terminal, too, and a method that tells; before, there is none. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
