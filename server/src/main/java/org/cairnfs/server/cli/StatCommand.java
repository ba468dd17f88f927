package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.VolumeStatistics;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;

/** {@code cairn stat}: what a file system holds and what it costs. */
@Command(
        name = "stat",
        description = {
            "Tell what a file system holds and what that costs: entries, data before and after de-duplication and"
                    + " compression, database, cache. What is dirty is in no figure but its own."
        })
final class StatCommand extends AskCommand {
    StatCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(session, AdminOperations.STATISTICS);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            print(session.out(), StateOption.read(answer, VolumeStatistics.class));
        }
        return ExitCode.OK;
    }

    static void print(PrintStream out, VolumeStatistics statistics) {
        line(out, "Directory entries", number(statistics.entries()));
        line(out, "Inodes", number(statistics.inodes()));
        line(out, "Chunks", number(statistics.chunks()));
        line(out, "Packs", number(statistics.packs()));
        line(out, "Total data size", Sizes.formatBytes(statistics.totalBytes()));
        line(
                out,
                "After de-duplication",
                Sizes.formatBytes(statistics.deduplicatedBytes())
                        + share(statistics.deduplicatedBytes(), statistics.totalBytes(), "total"));
        line(
                out,
                "After compression",
                Sizes.formatBytes(statistics.compressedBytes())
                        + share(statistics.compressedBytes(), statistics.totalBytes(), "total"));
        line(out, "Stored in packs", Sizes.formatBytes(statistics.storedBytes()));
        line(out, "Database size", Sizes.formatBytes(statistics.databaseBytes()));
        line(
                out,
                "Cache size",
                Sizes.formatBytes(statistics.cacheBytes()) + " of " + Sizes.formatBytes(statistics.cacheBound()));
        line(out, "Dirty", Sizes.formatBytes(statistics.dirtyBytes()));
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf(Locale.ROOT, "%-22s%s%n", name + ":", value);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String share(long part, long whole, String name) {
        return whole == 0 ? "" : String.format(Locale.ROOT, " (%.1f %% of %s)", 100.0 * part / whole, name);
    }
}
