package org.cairnfs.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    private Path home;

    @Test
    void isMadePrivateAndBelongsToOne() throws Exception {
        Path path = home.resolve("a/b");
        try (StateDirectory taken = StateDirectory.take(path)) {
            assertThat(taken.path()).isEqualTo(path);
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(Files.getPosixFilePermissions(home.resolve("a")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            CairnException second = catchThrowableOfType(CairnException.class, () -> StateDirectory.take(path));
            assertThat(second.exitCode()).isEqualTo(ExitCode.STATE_IN_USE);
            assertThat(second)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        StateDirectory.take(path).close();
    }

    @Test
    void anEmptyOneIsClosedToOthersAndOneWithContentIsRefused() throws Exception {
        Path path = Files.createDirectory(home.resolve("state"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        StateDirectory.take(path).close();
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        CairnException open = catchThrowableOfType(CairnException.class, () -> StateDirectory.take(path));
        assertThat(open.exitCode()).isEqualTo(ExitCode.STATE_UNUSABLE);
        assertThat(open.advice()).contains("chmod 700 '" + path + "'");
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aFileInTheWayIsNamed() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        for (Path path : new Path[] {file, file.resolve("below")}) {
            CairnException failure = catchThrowableOfType(CairnException.class, () -> StateDirectory.take(path));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.STATE_UNUSABLE);
            assertThat(failure).hasMessageContaining(file.toString());
        }
    }
}
