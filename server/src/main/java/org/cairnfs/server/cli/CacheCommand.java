package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.Tuning;
import org.cairnfs.server.app.TuningOperations;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn cache}: the caches of a running server. */
@Command(
        name = "cache",
        description = {
            "Resize, drop or fill the caches of a server: decoded chunks in its memory, sealed ones on its disk. Nothing in them is"
                    + " the only copy."
        },
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND")
final class CacheCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private CacheCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new CacheCommand())
                .addSubcommand(new Size(session))
                .addSubcommand(new Drop(session))
                .addSubcommand(new Warm(session));
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static void print(Session session, JsonNode answer) throws CairnException {
        VolumeStatus.Cache cache = StateOption.read(answer, VolumeStatus.Cache.class);
        session.out()
                .println("memory: " + of(cache.heapBytes(), cache.heapBound()) + "; disk: "
                        + (cache.diskBound() == 0 ? "none" : of(cache.diskBytes(), cache.diskBound())));
    }

    private static String of(long bytes, long bound) {
        return Sizes.formatBytes(bytes) + " of " + Sizes.formatBytes(bound);
    }

    /** {@code cairn cache size}. */
    @Command(
            name = "size",
            description = {
                "Tell how large the caches are or, with --memory or --disk, may be from now on. The server forgets it when it"
                        + " ends: memory-cache and disk-cache in the configuration stay."
            })
    static final class Size extends AskCommand {
        @Option(names = "--memory", paramLabel = "SIZE", description = "Bound of the memory cache, e.g. 256M.")
        private String memory;

        @Option(names = "--disk", paramLabel = "SIZE", description = "Bound of the disk cache, e.g. 20G.")
        private String disk;

        Size(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            ObjectNode arguments = JsonNodeFactory.instance.objectNode();
            if (memory != null) {
                arguments.put(TuningOperations.MEMORY, Amounts.bytes("--memory", memory));
            }
            if (disk != null) {
                arguments.put(TuningOperations.DISK, Amounts.bytes("--disk", disk));
            }
            return server.ask(session, TuningOperations.CACHE_SIZE, arguments);
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                print(session, answer);
            }
            return ExitCode.OK;
        }
    }

    /** {@code cairn cache drop}. */
    @Command(
            name = "drop",
            description =
                    "Forget what is in the caches: what is read next comes from the object store. Without an option, both.")
    static final class Drop extends AskCommand {
        @Option(names = "--memory", description = "The memory cache.")
        private boolean memory;

        @Option(names = "--disk", description = "The disk cache.")
        private boolean disk;

        Drop(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            ObjectNode arguments = JsonNodeFactory.instance
                    .objectNode()
                    .put(TuningOperations.MEMORY, memory || !disk)
                    .put(TuningOperations.DISK, disk || !memory);
            return server.ask(session, TuningOperations.CACHE_DROP, arguments);
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                print(session, answer);
            }
            return ExitCode.OK;
        }
    }

    /** {@code cairn cache warm}. */
    @Command(
            name = "warm",
            description = {
                "Fetch a file, or all files below a directory, into the caches, as far as they hold it: reading it is local then."
            })
    static final class Warm extends AskCommand {
        @Parameters(paramLabel = "PATH", description = "Absolute path inside the file system.")
        private String path;

        Warm(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(
                    session,
                    TuningOperations.CACHE_WARM,
                    JsonNodeFactory.instance.objectNode().put(TuningOperations.PATH, path));
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                Tuning.Warmed warmed = StateOption.read(answer, Tuning.Warmed.class);
                session.out()
                        .println(StatusText.count(warmed.files(), "file") + ", " + Sizes.formatBytes(warmed.bytes()));
            }
            return ExitCode.OK;
        }
    }
}
