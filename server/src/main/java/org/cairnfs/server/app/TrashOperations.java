package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminHandler;

/** The operations of the admin channel on the trash. */
public final class TrashOperations {
    /** Tells what was removed at or below {@link #PATH}. Parts: {@link Listed}. Result: {@link VolumeTrash.Counts}. */
    public static final String LIST = "trash-list";

    /**
     * Brings back {@link #PATH}, or the one inode {@link #INODE}, to {@link #TO} if that is given. Result: {@link VolumeTrash.Restored}.
     */
    public static final String RESTORE = "trash-restore";

    /**
     * Frees what was removed at or below {@link #PATH}, {@link #BEFORE} a time if that is given; or {@link #INODE}. Result: {@link Emptied}.
     */
    public static final String EMPTY = "trash-empty";

    /** Absolute path inside the file system. */
    public static final String PATH = "path";

    /** Absolute path inside the file system. */
    public static final String TO = "to";

    /** Number of an inode; 0 or none for what is at the path. */
    public static final String INODE = "inode";

    /** Milliseconds since the epoch. */
    public static final String BEFORE = "before";

    /** A part of what {@link #LIST} tells. */
    public record Listed(List<VolumeTrash.Item> items) {}

    /** How many were freed. */
    public record Emptied(long items) {}

    private final VolumeTrash trash;

    TrashOperations(VolumeTrash trash) {
        this.trash = trash;
    }

    Map<String, AdminHandler> handlers() {
        return Map.of(LIST, (AdminHandler.InParts) this::list, RESTORE, this::restore, EMPTY, this::empty);
    }

    private VolumeTrash.Counts list(JsonNode arguments, Progress progress, AdminHandler.Parts parts)
            throws CairnException {
        return trash.list(arguments.path(PATH).asText("/"), items -> parts.put(new Listed(items)));
    }

    private VolumeTrash.Restored restore(JsonNode arguments, Progress progress) throws CairnException {
        String given = arguments.path(TO).asText("");
        Optional<String> to = given.isEmpty() ? Optional.empty() : Optional.of(given);
        long inode = inode(arguments);
        return inode == 0 ? trash.restore(path(arguments), to) : trash.restore(inode, to);
    }

    private Emptied empty(JsonNode arguments, Progress progress) throws CairnException {
        long inode = inode(arguments);
        if (inode != 0) {
            trash.empty(inode);
            return new Emptied(1);
        }
        return new Emptied(trash.empty(path(arguments), arguments.path(BEFORE).asLong(Long.MAX_VALUE)));
    }

    private static String path(JsonNode arguments) throws CairnException {
        String path = arguments.path(PATH).asText("");
        if (path.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "'" + PATH + "' is missing", "");
        }
        return path;
    }

    private static long inode(JsonNode arguments) throws CairnException {
        long inode = arguments.path(INODE).asLong(0);
        if (inode < 0) {
            throw new CairnException(ExitCode.USAGE, "'" + INODE + "' is no number of an inode", "");
        }
        return inode;
    }
}
