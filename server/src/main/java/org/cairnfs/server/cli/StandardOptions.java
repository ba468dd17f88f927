package org.cairnfs.server.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What every command has: help, debug, and the same look of its help. */
final class StandardOptions {
    private static final String DEBUG = "--debug";

    private StandardOptions() {}

    static void addTo(CommandSpec command) {
        command.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build())
                .addOption(OptionSpec.builder(DEBUG)
                        .type(boolean.class)
                        .description("Show the details of an error, with its stack trace.")
                        .build());
        command.usageMessage()
                .autoWidth(true)
                .sortOptions(false)
                .synopsisHeading("Usage: ")
                .parameterListHeading("%nArguments:%n")
                .optionListHeading("%nOptions:%n");
    }

    /** Whether the user wants to see stack traces. */
    static boolean isDebug(CommandSpec command) {
        OptionSpec debug = command.findOption(DEBUG);
        return debug != null && Boolean.TRUE.equals(debug.getValue());
    }
}
