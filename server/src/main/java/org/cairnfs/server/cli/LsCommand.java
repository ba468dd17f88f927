package org.cairnfs.server.cli;

import java.time.ZoneId;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoredView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn ls}: lists files straight from the storage. */
@Command(
        name = "ls",
        description = {
            "List a directory of a file system straight from its storage, as of the newest barrier or of an earlier time. No server is"
                    + " needed, and one that runs is not disturbed."
        },
        footer = {
            "",
            "Examples:",
            "  cairn ls s3://my-bucket/cairn /home",
            "  cairn ls --long --at 2h s3://my-bucket/cairn /home"
        })
final class LsCommand extends ViewCommand {
    private static final String BITS = "rwxrwxrwx";

    @Option(
            names = {"-l", "--long"},
            description = "With mode, links, owner, group, size and time.")
    private boolean longFormat;

    @Option(
            names = {"-r", "--recursive"},
            description = "All that is below, too.")
    private boolean recursive;

    @Option(names = "--json", description = "Print each file as a line of JSON.")
    private boolean json;

    LsCommand(Session session) {
        super(session);
    }

    @Override
    ExitCode run(StoredView view, String path, ProgressDisplay progress) throws CairnException {
        view.list(path, recursive, entry -> {
            if (json) {
                session().out().println(Output.line(entry));
            } else if (longFormat) {
                printLong(entry);
            } else {
                session().out().println(shown(path, entry));
            }
        });
        return ExitCode.OK;
    }

    private void printLong(StoredView.Entry entry) {
        session()
                .out()
                .printf(
                        Locale.ROOT,
                        "%s %3d %5d %5d %12d %s %s%s%n",
                        mode(entry),
                        entry.nlink(),
                        entry.uid(),
                        entry.gid(),
                        entry.size(),
                        PointInTime.format(entry.mtime(), ZoneId.systemDefault()),
                        entry.path(),
                        entry.target() == null ? "" : " -> " + entry.target());
    }

    /** In a directory, names; below it, paths. */
    private String shown(String path, StoredView.Entry entry) {
        String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
        return recursive || entry.path().equals(path) ? entry.path() : name;
    }

    /** As {@code ls -l} prints it. */
    static String mode(StoredView.Entry entry) {
        StringBuilder text = new StringBuilder().append(type(entry.type()));
        for (int i = 0; i < BITS.length(); i++) {
            text.append((entry.mode() >> (BITS.length() - 1 - i) & 1) == 1 ? BITS.charAt(i) : '-');
        }
        special(text, 3, entry.mode() & 04000, 's');
        special(text, 6, entry.mode() & 02000, 's');
        special(text, 9, entry.mode() & 01000, 't');
        return text.toString();
    }

    private static void special(StringBuilder text, int at, int bit, char letter) {
        if (bit != 0) {
            text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }

    private static char type(String type) {
        return switch (type) {
            case "regular" -> '-';
            case "directory" -> 'd';
            case "symlink" -> 'l';
            case "fifo" -> 'p';
            case "socket" -> 's';
            case "character-device" -> 'c';
            case "block-device" -> 'b';
            default -> '?';
        };
    }
}
