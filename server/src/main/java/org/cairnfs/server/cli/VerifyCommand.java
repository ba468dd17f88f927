package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.app.CheckOperations;
import org.cairnfs.server.app.VolumeChecks.DamagedFile;
import org.cairnfs.server.app.VolumeChecks.VerifyReport;
import org.cairnfs.server.app.VolumeChecks.VerifyRequest;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn verify}: reads back what is in the storage. */
@Command(
        name = "verify",
        description = {
            "Look whether the storage has the data of all files and snapshots: that its objects are there and as long"
                    + " as they were put; with --data, that all they hold can be decrypted and is what was written.",
            "",
            "What is damaged is stored anew if it is in a cache, or was written again; else nothing new refers to it,"
                    + " reading it fails, and the files are told that hold it. A server reads all data back by itself if"
                    + " scrub-every of the configuration says so."
        },
        footer = {
            "",
            "Examples:",
            "  cairn verify",
            "  cairn verify --data --sample 5%%",
            "  cairn verify --data --since 7d"
        })
final class VerifyCommand extends AskCommand {
    private static final double PERCENT = 100;

    @Option(names = "--data", description = "Read the data, which costs what reading costs there.")
    private boolean data;

    @Option(
            names = "--sample",
            paramLabel = "N%",
            description = "With --data: read so much of it, chosen at random each time (default: all).")
    private String sample;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was stored since then: " + PointInTime.HELP + ".")
    private String since;

    VerifyCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        if (sample != null && !data) {
            throw new CairnException(ExitCode.USAGE, "--sample is of --data", "give both, or neither");
        }
        long millis = since == null
                ? 0
                : PointInTime.parse(since, Clock.system(ZoneId.systemDefault())).toEpochMilli();
        ObjectNode arguments =
                Messages.json().valueToTree(new VerifyRequest(data, sample == null ? 1 : share(sample), millis));
        return server.ask(session, CheckOperations.VERIFY, arguments);
    }

    /** A number of percent, with or without its sign. */
    private static double share(String text) throws CairnException {
        try {
            double share = Double.parseDouble(text.strip().replaceFirst("%$", "")) / PERCENT;
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw new CairnException(ExitCode.USAGE, "'" + text + "' is no part of anything", "give e.g. 5%", e);
        }
        throw new CairnException(ExitCode.USAGE, "'" + text + "' is no part of anything", "give e.g. 5%");
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        VerifyReport report = StateOption.read(answer, VerifyReport.class);
        if (!printed) {
            print(session.out(), report);
        }
        if (report.files().isEmpty() && report.damaged() == report.repaired()) {
            return report.damaged() == 0 ? ExitCode.OK : ExitCode.REPAIRED;
        }
        return ExitCode.DAMAGED;
    }

    static void print(PrintStream out, VerifyReport report) {
        out.printf(Locale.ROOT, "Objects: %,d, %,d of them missing or too short.%n", report.packs(), report.missing());
        if (report.chunks() > 0) {
            out.printf(Locale.ROOT, "Read: %,d chunks, %s.%n", report.chunks(), Sizes.formatBytes(report.bytes()));
        }
        if (report.damaged() > 0) {
            out.printf(
                    Locale.ROOT, "Damaged: %,d chunks, %,d of them repaired.%n", report.damaged(), report.repaired());
        }
        for (DamagedFile file : report.files()) {
            out.printf(
                    Locale.ROOT,
                    "  %s%s cannot be read at %,d%n",
                    file.snapshot().isEmpty() ? "" : "snapshot " + file.snapshot() + ": ",
                    file.path(),
                    file.offset());
        }
        out.println(report.files().isEmpty() ? "All is well." : "These files are damaged.");
    }
}
