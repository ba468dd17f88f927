package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn quota}: what trees may hold. */
@Command(
        name = "quota",
        description = {
            "Limit what a directory may hold, with all that is below it: in bytes, which are the sizes of its files,"
                    + " and in inodes. What would grow above that gets EDQUOT; 'df' in the tree shows it. Names are not"
                    + " moved or linked across its border (EXDEV), and quota trees are not within each other."
        },
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND")
final class QuotaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private QuotaCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new QuotaCommand())
                .addSubcommand(new SetLimits(session))
                .addSubcommand(new ListAll(session))
                .addSubcommand(new Remove(session));
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static void print(Session session, Trees.Quota quota) {
        session.out().println(text(quota));
    }

    /** A quota for people. */
    static String text(Trees.Quota quota) {
        Trees.Limits limits = quota.limits();
        return (quota.path().isEmpty() ? "(gone)" : quota.path()) + ": "
                + Sizes.formatBytes(quota.usedBytes()) + of(bytes(limits.softBytes()), bytes(limits.bytes()))
                + ", " + StatusText.count(quota.usedInodes(), "inode")
                + of(number(limits.softInodes()), number(limits.inodes()))
                + (quota.exceededSinceMillis() == 0
                        ? ""
                        : "; above a soft limit since "
                                + PointInTime.format(quota.exceededSinceMillis(), ZoneId.systemDefault()))
                + (quota.settled() ? "" : "; still being counted");
    }

    private static String of(String soft, String hard) {
        return (hard.isEmpty() ? "" : " of " + hard) + (soft.isEmpty() ? "" : " (soft: " + soft + ")");
    }

    private static String bytes(long limit) {
        return limit == 0 ? "" : Sizes.formatBytes(limit);
    }

    private static String number(long limit) {
        return limit == 0 ? "" : Long.toString(limit);
    }

    /** {@code cairn quota set}. */
    @Command(
            name = "set",
            description = {
                "Set the limits of a directory; one that is not given is none. What is in it already counts, too,"
                        + " however much that is. While it comes to count, who wants to change names in it waits."
            })
    static final class SetLimits extends AskCommand {
        @Parameters(paramLabel = "PATH", description = "Absolute path of a directory inside the file system.")
        private String path;

        @Option(names = "--bytes", paramLabel = "SIZE", description = "So much, and not more, e.g. 100G.")
        private String bytes;

        @Option(names = "--soft-bytes", paramLabel = "SIZE", description = "So much, or more for the time of --grace.")
        private String softBytes;

        @Option(names = "--inodes", paramLabel = "N", description = "So many files and directories, and not more.")
        private long inodes;

        @Option(names = "--soft-inodes", paramLabel = "N", description = "So many, or more for the time of --grace.")
        private long softInodes;

        @Option(
                names = "--grace",
                paramLabel = "TIME",
                defaultValue = "7d",
                description = "How long soft limits may be exceeded (default: ${DEFAULT-VALUE}).")
        private String grace;

        SetLimits(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            OptionalLong millis = Sizes.parseMillis(grace);
            if (millis.isEmpty() || inodes < 0 || softInodes < 0) {
                throw new CairnException(
                        ExitCode.USAGE, "a limit or a time is malformed", "--grace wants e.g. 7d, --inodes a number");
            }
            ObjectNode arguments = JsonNodeFactory.instance.objectNode().put(TreeOperations.PATH, path);
            arguments
                    .putObject(TreeOperations.LIMITS)
                    .put("softBytes", softBytes == null ? 0 : Amounts.bytes("--soft-bytes", softBytes))
                    .put("bytes", bytes == null ? 0 : Amounts.bytes("--bytes", bytes))
                    .put("softInodes", softInodes)
                    .put("inodes", inodes)
                    .put("graceSeconds", TimeUnit.MILLISECONDS.toSeconds(millis.getAsLong()));
            return server.ask(session, TreeOperations.QUOTA_SET, arguments);
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                print(session, StateOption.read(answer, Trees.Quota.class));
            }
            return ExitCode.OK;
        }
    }

    /** {@code cairn quota list}. */
    @Command(name = "list", description = "Tell all quotas, and what of them is used.")
    static final class ListAll extends AskCommand {
        ListAll(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, TreeOperations.QUOTAS);
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                List<Trees.Quota> all =
                        StateOption.read(answer, TreeOperations.Quotas.class).quotas();
                if (all.isEmpty()) {
                    session.out().println("there are no quotas");
                }
                all.forEach(quota -> print(session, quota));
            }
            return ExitCode.OK;
        }
    }

    /** {@code cairn quota remove}. */
    @Command(name = "remove", description = "Take the quota from a directory; what is in it stays.")
    static final class Remove extends AskCommand {
        @Parameters(paramLabel = "PATH", description = "Absolute path of a directory inside the file system.")
        private String path;

        Remove(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(
                    session,
                    TreeOperations.QUOTA_REMOVE,
                    JsonNodeFactory.instance.objectNode().put(TreeOperations.PATH, path));
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) {
            if (!printed) {
                session.out().println(path + " has no quota any more");
            }
            return ExitCode.OK;
        }
    }
}
