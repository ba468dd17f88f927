package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStableClientsTest {
    @TempDir
    Path state;

    private Path directory;
    private FileStableClients clients;

    @BeforeEach
    void open() throws IOException {
        directory = state.resolve("clients");
        clients = FileStableClients.open(directory);
    }

    private static ClientRecord record(String owner, boolean mayReclaim) {
        return new ClientRecord(
                new ClientName(1, StateRig.bytes(owner)), 5, StateRig.ROOT, 9, mayReclaim, DelegationRecord.NONE);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void recordsAreThereAfterOpeningAgain() throws IOException {
        clients.put(record("a", true));
        clients.put(record("b", true));
        clients.put(record("a", false));
        clients.remove(record("b", true).name());
        clients.remove(record("never there", true).name());

        assertThat(FileStableClients.open(directory).load()).containsExactly(record("a", false));
    }

    @Test
    void nobodyElseCanReadThem() throws IOException {
        clients.put(record("a", true));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(files())
                .singleElement()
                .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
    }

    @Test
    void aDamagedRecordIsSetAsideAndTheOthersAreRead() throws IOException {
        clients.put(record("a", true));
        Path damaged = files().get(0);
        clients.put(record("b", true));
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[20] ^= 1;
        Files.write(damaged, bytes);

        assertThat(clients.load()).containsExactly(record("b", true));
        assertThat(damaged).doesNotExist();
        assertThat(damaged.resolveSibling(damaged.getFileName() + ".bad")).exists();
        assertThat(clients.load()).containsExactly(record("b", true));
    }

    @Test
    void emptyOverlongAndMisplacedFilesAreNoRecords() throws IOException {
        clients.put(record("a", true));
        Path good = files().get(0);
        Files.copy(good, directory.resolve("0000.client"));
        Files.write(directory.resolve("1111.client"), new byte[0]);
        Files.write(directory.resolve("2222.client"), new byte[1 << 20]);

        assertThat(clients.load()).containsExactly(record("a", true));
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemoved() throws IOException {
        clients.put(record("a", true));
        String name = files().get(0).getFileName().toString().replace(".client", ".new");
        Files.write(directory.resolve(name), new byte[] {1, 2, 3});

        assertThat(FileStableClients.open(directory).load()).containsExactly(record("a", true));
        assertThat(directory.resolve(name)).doesNotExist();
        Files.write(directory.resolve(name), new byte[] {1, 2, 3});
        clients.put(record("a", false));
        assertThat(clients.load()).containsExactly(record("a", false));
    }
}
