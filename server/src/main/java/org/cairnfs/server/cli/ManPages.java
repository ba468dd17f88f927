package org.cairnfs.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.server.app.Wiring;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the manual pages of {@code cairn} and all its commands; the build runs it. */
public final class ManPages {
    private ManPages() {}

    /** Writes {@code man1/NAME.1} for each command into a folder, which is made. Arguments: that folder, the version of the program. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0], "man1"));
        Session session = Session.ofProcess(Wiring.components(), Main.class);
        for (Map.Entry<String, String> page : all(session, arguments[1]).entrySet()) {
            Files.writeString(folder.resolve(page.getKey() + ".1"), page.getValue());
        }
    }

    /** The text of each page, by its name. */
    static Map<String, String> all(Session session, String version) {
        CommandLine all = CairnCommand.commandLine(session);
        CommandSpec cairn = all.getCommandSpec();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(ManPage.name(cairn), ManPage.of(cairn, version));
        for (CommandLine sub : CommandTree.below(all).values()) {
            CommandSpec command = sub.getCommandSpec();
            pages.put(ManPage.name(command), ManPage.of(command, version));
        }
        return pages;
    }
}
