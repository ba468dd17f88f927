package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.AdminHandler;

/** The operations of the admin channel on whole trees. */
public final class TreeOperations {
    /** Locks {@link #PATHS}, until {@link #UNTIL} if that is given. Result: {@link Locks}. */
    public static final String LOCK = "lock";

    /** Unlocks {@link #PATHS}. Result: {@link Locks}. */
    public static final String UNLOCK = "unlock";

    /** Tells all locks. Result: {@link Locks}. */
    public static final String LOCKS = "locks";

    /** Removes {@link #PATHS}, and waits until all is freed if {@link #WAIT} is true. Result: {@link Trees.Removed}. */
    public static final String REMOVE = "rm";

    /** Absolute paths inside the file system. */
    public static final String PATHS = "paths";

    /** Milliseconds since the epoch. */
    public static final String UNTIL = "until";

    public static final String WAIT = "wait";

    /** Result of {@link #LOCK}, {@link #UNLOCK} and {@link #LOCKS}. */
    public record Locks(List<Trees.Lock> locks) {}

    private final Trees trees;

    TreeOperations(Trees trees) {
        this.trees = trees;
    }

    Map<String, AdminHandler> handlers() {
        return Map.of(
                LOCK, (arguments, progress) -> new Locks(trees.lock(paths(arguments), until(arguments))),
                UNLOCK, (arguments, progress) -> new Locks(trees.unlock(paths(arguments))),
                LOCKS, (arguments, progress) -> new Locks(trees.locks()),
                REMOVE,
                        (arguments, progress) -> trees.remove(
                                paths(arguments), arguments.path(WAIT).asBoolean(false), progress));
    }

    private static List<String> paths(JsonNode arguments) throws CairnException {
        List<String> paths = new ArrayList<>();
        for (JsonNode path : arguments.path(PATHS)) {
            paths.add(path.asText());
        }
        if (paths.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "no path is given", "");
        }
        return paths;
    }

    private static long until(JsonNode arguments) throws CairnException {
        JsonNode until = arguments.path(UNTIL);
        if (!until.isMissingNode() && (!until.canConvertToLong() || until.asLong() <= 0)) {
            throw new CairnException(ExitCode.USAGE, "'" + UNTIL + "' is no time", "");
        }
        return until.asLong(0);
    }
}
