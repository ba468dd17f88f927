package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import org.cairnfs.server.app.Trees;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn lock}: makes trees immutable. */
@Command(
        name = "lock",
        description = {
            "Make files, and directories with all that is below them, immutable: whoever tries to change anything of it, over"
                    + " whatever protocol and by whatever name, gets EPERM. It holds from the moment that this command ends.",
            "",
            "With --until it ends by itself then, and nothing ends it before; locking again with a later time moves it, with an"
                    + " earlier one does nothing. Without, it holds until 'cairn unlock', which works only where the"
                    + " configuration of the server says unlock = allowed."
        })
final class LockCommand extends AskCommand {
    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Absolute paths inside the file system.")
    private List<String> paths = List.of();

    @Option(names = "--until", paramLabel = "TIME", description = "When it ends: " + FutureTime.HELP + ".")
    private String until;

    @Option(names = "--list", description = "Tell what is locked.")
    private boolean list;

    LockCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        if (list) {
            if (!paths.isEmpty() || until != null) {
                throw new CairnException(ExitCode.USAGE, "--list goes with no path and no time", "");
            }
            return server.ask(session, TreeOperations.LOCKS);
        }
        ObjectNode arguments = arguments(paths);
        if (until != null) {
            arguments.put(
                    TreeOperations.UNTIL,
                    FutureTime.parse(until, Clock.system(ZoneId.systemDefault()))
                            .toEpochMilli());
        }
        return server.ask(session, TreeOperations.LOCK, arguments);
    }

    /** Paths, at least one. */
    static ObjectNode arguments(List<String> paths) throws CairnException {
        if (paths.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "no PATH is given", "");
        }
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        paths.forEach(arguments.putArray(TreeOperations.PATHS)::add);
        return arguments;
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            print(session, answer);
        }
        return ExitCode.OK;
    }

    static void print(Session session, JsonNode answer) throws CairnException {
        List<Trees.Lock> locks =
                StateOption.read(answer, TreeOperations.Locks.class).locks();
        if (locks.isEmpty()) {
            session.out().println("nothing is locked");
        }
        for (Trees.Lock lock : locks) {
            session.out().println(line(lock));
        }
    }

    private static String line(Trees.Lock lock) {
        String path = lock.path().isEmpty() ? "(gone)" : lock.path();
        String until = lock.untilMillis() == 0
                ? "without a date"
                : "until " + PointInTime.format(lock.untilMillis(), ZoneId.systemDefault());
        return switch (lock.state()) {
            case LOCKED -> path + ": locked " + until;
            case LOCKING ->
                path + ": locked " + until + " (" + StatusText.count(lock.entries(), "inode") + " gone through so far)";
            case ENDED -> path + ": not locked any more, being cleared away";
        };
    }
}
