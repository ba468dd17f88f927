package org.cairnfs.core.metadata.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failures speak against the file, and the mark that they leave. */
class DamageTest {
    @TempDir
    Path directory;

    private static SQLException failedBy(Throwable cause) {
        return new SQLException("General error", "HY000", ErrorCode.GENERAL_ERROR_1, cause);
    }

    private static Throwable store(int code) {
        return DataUtils.newMVStoreException(code, "test");
    }

    private static Throwable store(int code, Throwable cause) {
        return DataUtils.newMVStoreException(code, "test", cause);
    }

    @Test
    void whatIsNotThereOrCannotBeIsDamage() {
        assertThat(Damage.isShownBy(failedBy(store(DataUtils.ERROR_CHUNK_NOT_FOUND))))
                .isTrue();
        assertThat(Damage.isShownBy(store(DataUtils.ERROR_FILE_CORRUPT))).isTrue();
        assertThat(Damage.isShownBy(new IllegalStateException(store(DataUtils.ERROR_READING_FAILED))))
                .isTrue();
        assertThat(Damage.isShownBy(new SQLDataException("no such file type"))).isTrue();
        assertThat(Damage.isShownBy(new SQLException("duplicate", "23505", ErrorCode.DUPLICATE_KEY_1)))
                .isTrue();
        assertThat(Damage.isShownBy(failedBy(new IndexOutOfBoundsException()))).isTrue();
    }

    @Test
    void aFileThatCouldNotBeWrittenOrWasClosedIsNot() {
        Throwable full = new IOException("No space left on device");
        assertThat(Damage.isShownBy(failedBy(store(DataUtils.ERROR_WRITING_FAILED, full))))
                .isFalse();
        assertThat(Damage.isShownBy(store(DataUtils.ERROR_INTERNAL, store(DataUtils.ERROR_WRITING_FAILED, full))))
                .isFalse();
        assertThat(Damage.isShownBy(store(DataUtils.ERROR_INTERNAL, new OutOfMemoryError("test"))))
                .isFalse();
        assertThat(Damage.isShownBy(store(DataUtils.ERROR_CLOSED))).isFalse();
        assertThat(Damage.isShownBy(new SQLNonTransientConnectionException(
                        "The database has been closed", "90098", ErrorCode.DATABASE_IS_CLOSED)))
                .isFalse();
        assertThat(Damage.isShownBy(new InterruptedException())).isFalse();
    }

    @Test
    void aCircleOfCausesEnds() {
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        assertThat(Damage.isShownBy(one)).isFalse();
    }

    @Test
    void theFirstReasonStaysUntilTheDatabaseIsDiscarded() throws Exception {
        DamageMark mark = new DamageMark(directory);
        assertThat(mark.reason()).isEmpty();
        mark.leave("page 5 is gone;\nSQL statement: ...");
        mark.leave("the database is closed");
        assertThat(new DamageMark(directory).reason()).contains("page 5 is gone;");
        Database.discard(directory);
        assertThat(mark.reason()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aReasonIsBounded() throws Exception {
        DamageMark mark = new DamageMark(directory);
        mark.leave("x".repeat(100_000));
        assertThat(mark.reason().orElseThrow()).hasSize(4_096);
    }
}
