package org.cairnfs.core.metadata.h2;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * Tells by a failure whether the database's file is to blame: it holds what cannot be, or does not hold what it should.
 *
 * <p>Not to blame is a file that could not be written (no space, a journal that failed), that was closed under its reader, or that
 * was in use when memory ran out: it is as good as after a crash. In doubt it is: to rebuild costs time, to trust costs files.
 */
public final class Damage {
    /** More is no chain of causes but a circle. */
    private static final int MAX_DEPTH = 32;

    private static final Set<Integer> OF_THE_FILE = Set.of(
            DataUtils.ERROR_READING_FAILED,
            DataUtils.ERROR_INTERNAL,
            DataUtils.ERROR_UNSUPPORTED_FORMAT,
            DataUtils.ERROR_FILE_CORRUPT,
            DataUtils.ERROR_SERIALIZATION,
            DataUtils.ERROR_CHUNK_NOT_FOUND,
            DataUtils.ERROR_BLOCK_NOT_FOUND,
            DataUtils.ERROR_TRANSACTION_CORRUPT,
            DataUtils.ERROR_UNKNOWN_DATA_TYPE);

    /** The last three: an index and its table, or the tables and the journal, do not agree. */
    private static final Set<Integer> OF_THE_TABLES = Set.of(
            ErrorCode.GENERAL_ERROR_1,
            ErrorCode.FILE_CORRUPTED_1,
            ErrorCode.DUPLICATE_KEY_1,
            ErrorCode.ROW_NOT_FOUND_IN_PRIMARY_INDEX,
            ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1);

    private Damage() {}

    /** Whether a failure, or what caused it, speaks of damage. */
    public static boolean isShownBy(Throwable failure) {
        boolean shown = false;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (excuses(cause)) {
                return false;
            }
            shown |= accuses(cause);
            cause = cause.getCause();
        }
        return shown;
    }

    private static boolean excuses(Throwable cause) {
        return cause instanceof VirtualMachineError
                || cause instanceof MVStoreException store && store.getErrorCode() == DataUtils.ERROR_WRITING_FAILED;
    }

    private static boolean accuses(Throwable cause) {
        return cause instanceof MVStoreException store && OF_THE_FILE.contains(store.getErrorCode())
                || cause instanceof SQLDataException
                || cause instanceof SQLException sql && OF_THE_TABLES.contains(sql.getErrorCode());
    }
}
