package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.GarbageReport;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn gc}: gives back what nothing needs any more. */
@Command(
        name = "gc",
        description = {
            "Give back what nothing in the object store needs any more: rewrite packs of which little is left, delete what"
                    + " neither the file system nor a restore point refers to.",
            "",
            "A server does this by itself now and then. What was removed is kept for the window in which any moment can be"
                    + " restored (a day), and as long as a restore point has it."
        })
final class GcCommand extends AskCommand {
    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--drop-restore-points",
            description = "Keep nothing but the file system as it is now: no earlier moment can be restored any more.")
    private boolean dropRestorePoints;

    GcCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put(AdminOperations.DRY_RUN, dryRun);
        arguments.put(AdminOperations.DROP_RESTORE_POINTS, dropRestorePoints);
        return server.ask(session, AdminOperations.GARBAGE, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            print(session.out(), StateOption.read(answer, GarbageReport.class));
        }
        return ExitCode.OK;
    }

    static void print(PrintStream out, GarbageReport report) {
        line(out, "Packs before", report.packs(), report.packBytes());
        out.printf(Locale.ROOT, "%-28s%s%n", "In use of them:", Sizes.formatBytes(report.liveBytes()));
        String would = report.dryRun() ? "To be " : "";
        line(out, would + "rewritten", report.rewrittenPacks(), report.rewrittenBytes());
        line(out, would + "deleted", report.deletedPacks(), report.deletedBytes());
        line(out, "Kept to be restored", report.waitingPacks(), report.waitingBytes());
        line(out, would + "deleted checkpoints", report.deletedCheckpoints());
        line(out, would + "deleted log objects", report.deletedLogs());
        line(out, would + "deleted strays", report.strays());
        line(out, "Restore points", report.restorePoints());
        if (report.damagedPacks() > 0) {
            line(out, "Left alone, as damaged", report.damagedPacks());
        }
        if (report.oldKeyPacks() > 0) {
            line(out, "Sealed with an old key", report.oldKeyPacks());
        }
        if (report.more()) {
            out.println("There is more to do than one run does; run it again, or wait for the server to.");
        }
    }

    private static void line(PrintStream out, String name, long count, long bytes) {
        out.printf(Locale.ROOT, "%-28s%,d (%s)%n", capital(name) + ":", count, Sizes.formatBytes(bytes));
    }

    private static void line(PrintStream out, String name, long count) {
        out.printf(Locale.ROOT, "%-28s%,d%n", capital(name) + ":", count);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
