package org.cairnfs.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The commands below a command. */
final class CommandTree {
    private CommandTree() {}

    /** All of them at any depth, each before its own, by what one types for them: {@code cache}, {@code cache size}. */
    static Map<String, CommandLine> below(CommandLine root) {
        Map<String, CommandLine> all = new LinkedHashMap<>();
        add(root, "", all);
        return all;
    }

    private static void add(CommandLine parent, String prefix, Map<String, CommandLine> all) {
        parent.getSubcommands().forEach((name, command) -> {
            all.put(prefix + name, command);
            add(command, prefix + name + " ", all);
        });
    }
}
