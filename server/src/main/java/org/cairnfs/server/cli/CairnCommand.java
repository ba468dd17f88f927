package org.cairnfs.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code cairn}: all commands together, and how each ends: one clear line on stderr and an {@link ExitCode}. */
@Command(
        name = "cairn",
        description = "A UNIX file system in object storage, served over NFS.",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "'cairn help COMMAND' tells more of each. Begin with: cairn up",
        })
final class CairnCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private CairnCommand() {}

    /** Runs one command line; gives the exit status of the process. */
    static int run(Session session, String... arguments) {
        return commandLine(session).execute(arguments);
    }

    static CommandLine commandLine(Session session) {
        VersionCommand version = new VersionCommand(session);
        CommandLine all = new CommandLine(new CairnCommand())
                .addSubcommand(new UpCommand(session))
                .addSubcommand(new MkfsCommand(session))
                .addSubcommand(new ServeCommand(session))
                .addSubcommand(new MountCommand(session))
                .addSubcommand(new UmountCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new TopCommand(session))
                .addSubcommand(new AccessLogCommand(session))
                .addSubcommand(new StatCommand(session))
                .addSubcommand(new FlushCommand(session))
                .addSubcommand(new GcCommand(session))
                .addSubcommand(new FsckCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(SnapshotCommand.commandLine(session))
                .addSubcommand(new CpCommand(session))
                .addSubcommand(new RmCommand(session))
                .addSubcommand(new DuCommand(session))
                .addSubcommand(new LockCommand(session))
                .addSubcommand(new UnlockCommand(session))
                .addSubcommand(TrashCommand.commandLine(session))
                .addSubcommand(QuotaCommand.commandLine(session))
                .addSubcommand(new ExportsCommand(session))
                .addSubcommand(new ReloadCommand(session))
                .addSubcommand(CacheCommand.commandLine(session))
                .addSubcommand(new BandwidthCommand(session))
                .addSubcommand(new CompressionCommand(session))
                .addSubcommand(new StopCommand(session))
                .addSubcommand(KeyCommand.commandLine(session))
                .addSubcommand(new CopyStoreCommand(session))
                .addSubcommand(new LsCommand(session))
                .addSubcommand(new CatCommand(session))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new RestoreMetadataCommand(session))
                .addSubcommand(new DestroyCommand(session))
                .addSubcommand(version)
                .addSubcommand(new CompletionCommand(session))
                .addSubcommand(new HelpCommand());
        StandardOptions.addTo(all.getCommandSpec());
        CommandTree.below(all).values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> command.findOption("--help") == null)
                .forEach(StandardOptions::addTo);
        all.getCommandSpec()
                .versionProvider(version)
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print the version.")
                        .build());
        all.setOut(new PrintWriter(session.out(), true, StandardCharsets.UTF_8));
        all.setErr(new PrintWriter(session.err(), true, StandardCharsets.UTF_8));
        all.setParameterExceptionHandler((failure, args) -> usage(session, failure));
        all.setExecutionExceptionHandler(
                (failure, command, parsed) -> failed(session, failure, command.getCommandSpec()));
        Map<String, String> codes = new LinkedHashMap<>();
        Arrays.stream(ExitCode.values()).forEach(code -> codes.put(String.valueOf(code.number()), code.summary()));
        all.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
        return all;
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int usage(Session session, ParameterException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        String message = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched(command, unmatched.getUnmatched().get(0))
                : failure.getMessage().lines().findFirst().orElse("wrong usage");
        session.say(message + "; see '" + command.qualifiedName() + " --help'");
        return ExitCode.USAGE.number();
    }

    private static String unmatched(CommandSpec command, String word) {
        boolean option = word.startsWith("-");
        String name = option && word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        String what =
                option ? "unknown option" : command.subcommands().isEmpty() ? "one word too many:" : "unknown command";
        return what + " '" + name + "'"
                + Suggestions.nearest(
                                name,
                                option
                                        ? command.optionsMap().keySet()
                                        : command.subcommands().keySet())
                        .map(near -> ", did you mean " + near + "?")
                        .orElse("");
    }

    private static int failed(Session session, Exception failure, CommandSpec command) {
        ExitCode code = ExitCode.INTERNAL;
        if (failure instanceof CairnException known) {
            code = known.exitCode();
            session.say(known.toLine());
        } else {
            session.say("internal error, a bug of Cairn: " + failure + "; please report it with the output of --debug");
        }
        if (StandardOptions.isDebug(command)) {
            failure.printStackTrace(session.err());
        }
        return code.number();
    }
}
