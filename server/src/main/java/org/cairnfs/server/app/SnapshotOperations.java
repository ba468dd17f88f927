package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.admin.AdminHandler;

/** The operations of the admin channel on snapshots. */
public final class SnapshotOperations {
    /** Takes one, called {@link #NAME} or by the time. Result: {@link VolumeSnapshots.Info}. */
    public static final String CREATE = "snapshot-create";

    /** Tells all. Result: {@link Listed}. */
    public static final String LIST = "snapshot-list";

    /** Deletes {@link #NAME}. Result: {@link VolumeSnapshots.Info} of what it was. */
    public static final String DELETE = "snapshot-delete";

    /** Calls {@link #NAME} {@link #TO} from now on. Result: {@link VolumeSnapshots.Info}. */
    public static final String RENAME = "snapshot-rename";

    /** Keeps {@link #NAME} from being deleted. Result: {@link VolumeSnapshots.Info}. */
    public static final String HOLD = "snapshot-hold";

    /** Takes one hold away. Result: {@link VolumeSnapshots.Info}. */
    public static final String RELEASE = "snapshot-release";

    /** Deletes what the schedule does not keep; with {@link #DRY_RUN}, only tells. Result: {@link Listed}. */
    public static final String EXPIRE = "snapshot-expire";

    public static final String NAME = "name";
    public static final String TO = "to";
    public static final String DRY_RUN = "dryRun";

    /** Result of {@link #LIST} and {@link #EXPIRE}. */
    public record Listed(List<VolumeSnapshots.Info> snapshots) {}

    private final VolumeSnapshots snapshots;

    SnapshotOperations(VolumeSnapshots snapshots) {
        this.snapshots = snapshots;
    }

    Map<String, AdminHandler> handlers() {
        return ImmutableMap.<String, AdminHandler>builder()
                .put(
                        CREATE,
                        (arguments, progress) ->
                                snapshots.create(arguments.path(NAME).asText("")))
                .put(LIST, (arguments, progress) -> new Listed(snapshots.list()))
                .put(DELETE, (arguments, progress) -> snapshots.delete(text(arguments, NAME)))
                .put(RENAME, (arguments, progress) -> snapshots.rename(text(arguments, NAME), text(arguments, TO)))
                .put(HOLD, (arguments, progress) -> snapshots.hold(text(arguments, NAME)))
                .put(RELEASE, (arguments, progress) -> snapshots.release(text(arguments, NAME)))
                .put(
                        EXPIRE,
                        (arguments, progress) -> new Listed(
                                snapshots.expire(arguments.path(DRY_RUN).asBoolean(false))))
                .buildOrThrow();
    }

    private static String text(JsonNode arguments, String name) throws CairnException {
        String text = arguments.path(name).asText("");
        if (text.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "'" + name + "' is missing", "");
        }
        return text;
    }
}
