package org.cairnfs.server.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminHandler;
import org.cairnfs.server.admin.Messages;

/** The operations of the admin channel on whole trees. */
public final class TreeOperations {
    /** Locks {@link #PATHS}, until {@link #UNTIL} if that is given. Result: {@link Locks}. */
    public static final String LOCK = "lock";

    /** Unlocks {@link #PATHS}. Result: {@link Locks}. */
    public static final String UNLOCK = "unlock";

    /** Tells all locks. Result: {@link Locks}. */
    public static final String LOCKS = "locks";

    /** Removes {@link #PATHS}, past the trash if {@link #FOREVER} is true, and waits until all is freed if {@link #WAIT} is true. Result: {@link Trees.Removed}. */
    public static final String REMOVE = "rm";

    /** Copies {@link #PATH} to {@link #TARGET}. Result: {@link Trees.Copied}. */
    public static final String COPY = "cp";

    /** Sets {@link #LIMITS} of {@link #PATH}. Result: {@link Trees.Quota}. */
    public static final String QUOTA_SET = "quota-set";

    /** Takes the quota from {@link #PATH}. Result: {@link Quotas}, what is left. */
    public static final String QUOTA_REMOVE = "quota-remove";

    /** Tells all quotas. Result: {@link Quotas}. */
    public static final String QUOTAS = "quotas";

    /** Measures {@link #PATHS}, and what they need in the storage if {@link #STORED} is true. Result: {@link Sizes}. */
    public static final String SIZES = "du";

    /** Absolute path inside the file system. */
    public static final String PATH = "path";

    /** Absolute path inside the file system, of what is not there yet. */
    public static final String TARGET = "target";

    /** A {@link Trees.Limits}. */
    public static final String LIMITS = "limits";

    /** Absolute paths inside the file system. */
    public static final String PATHS = "paths";

    /** Milliseconds since the epoch. */
    public static final String UNTIL = "until";

    public static final String FOREVER = "forever";

    public static final String WAIT = "wait";

    public static final String STORED = "stored";

    private static final long MAX_GRACE_SECONDS = Duration.ofDays(366).toSeconds();

    /** Result of {@link #LOCK}, {@link #UNLOCK} and {@link #LOCKS}. */
    public record Locks(List<Trees.Lock> locks) {}

    /** Result of {@link #SIZES}, in the order in which they were asked for. */
    public record Sizes(List<Trees.Size> sizes) {}

    /** Result of {@link #QUOTAS} and {@link #QUOTA_REMOVE}. */
    public record Quotas(List<Trees.Quota> quotas) {}

    private final Trees trees;

    TreeOperations(Trees trees) {
        this.trees = trees;
    }

    Map<String, AdminHandler> handlers() {
        return Map.of(
                LOCK, (arguments, progress) -> new Locks(trees.lock(paths(arguments), until(arguments))),
                UNLOCK, (arguments, progress) -> new Locks(trees.unlock(paths(arguments))),
                LOCKS, (arguments, progress) -> new Locks(trees.locks()),
                REMOVE, this::remove,
                COPY, this::copy,
                QUOTA_SET, (arguments, progress) -> trees.setQuota(path(arguments), limits(arguments)),
                QUOTA_REMOVE, (arguments, progress) -> removeQuota(arguments),
                QUOTAS, (arguments, progress) -> new Quotas(trees.quotas()),
                SIZES, this::sizes);
    }

    private Trees.Removed remove(JsonNode arguments, Progress progress) throws CairnException {
        return trees.remove(
                paths(arguments),
                arguments.path(FOREVER).asBoolean(false),
                arguments.path(WAIT).asBoolean(false),
                progress);
    }

    private Trees.Copied copy(JsonNode arguments, Progress progress) throws CairnException {
        return trees.copy(path(arguments), arguments.path(TARGET).asText(), progress);
    }

    private Sizes sizes(JsonNode arguments, Progress progress) throws CairnException {
        return new Sizes(trees.sizes(paths(arguments), arguments.path(STORED).asBoolean(false), progress));
    }

    private Quotas removeQuota(JsonNode arguments) throws CairnException {
        trees.removeQuota(path(arguments));
        return new Quotas(trees.quotas());
    }

    private static String path(JsonNode arguments) {
        return arguments.path(PATH).asText();
    }

    private static Trees.Limits limits(JsonNode arguments) throws CairnException {
        try {
            Trees.Limits limits = Messages.json().treeToValue(arguments.path(LIMITS), Trees.Limits.class);
            if (limits != null
                    && Math.min(limits.softBytes(), limits.bytes()) >= 0
                    && Math.min(limits.softInodes(), limits.inodes()) >= 0
                    && limits.graceSeconds() >= 0
                    && limits.graceSeconds() <= MAX_GRACE_SECONDS) {
                return limits;
            }
        } catch (JsonProcessingException e) {
            throw new CairnException(ExitCode.USAGE, "'" + LIMITS + "' are no limits", "", e);
        }
        throw new CairnException(ExitCode.USAGE, "'" + LIMITS + "' are no limits", "");
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
