package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
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

    /**
     * Tells how {@link #NAME} differs from {@link #TO}, or from the present, at or below {@link #PATH}. Parts: {@link Changed}. Result: {@link
     * VolumeSnapshots.Counts}.
     */
    public static final String DIFF = "snapshot-diff";

    /** Brings {@link #PATH} back to what it was in {@link #NAME}. Result: {@link VolumeSnapshots.RolledBack}. */
    public static final String ROLLBACK = "snapshot-rollback";

    public static final String NAME = "name";

    /** Absolute path inside the file system. */
    public static final String PATH = "path";

    public static final String TO = "to";
    public static final String DRY_RUN = "dryRun";

    /** Result of {@link #LIST} and {@link #EXPIRE}. */
    public record Listed(List<VolumeSnapshots.Info> snapshots) {}

    /** A part of what {@link #DIFF} tells. */
    public record Changed(List<VolumeSnapshots.Change> changes) {}

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
                .put(DIFF, (AdminHandler.InParts) this::diff)
                .put(ROLLBACK, this::rollback)
                .put(
                        EXPIRE,
                        (arguments, progress) -> new Listed(
                                snapshots.expire(arguments.path(DRY_RUN).asBoolean(false))))
                .buildOrThrow();
    }

    private VolumeSnapshots.Counts diff(JsonNode arguments, Progress progress, AdminHandler.Parts parts)
            throws CairnException {
        return snapshots.diff(
                text(arguments, NAME),
                arguments.path(TO).asText(""),
                arguments.path(PATH).asText("/"),
                changes -> parts.put(new Changed(changes)));
    }

    private VolumeSnapshots.RolledBack rollback(JsonNode arguments, Progress progress) throws CairnException {
        return snapshots.rollback(text(arguments, NAME), text(arguments, PATH), progress);
    }

    private static String text(JsonNode arguments, String name) throws CairnException {
        String text = arguments.path(name).asText("");
        if (text.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "'" + name + "' is missing", "");
        }
        return text;
    }
}
