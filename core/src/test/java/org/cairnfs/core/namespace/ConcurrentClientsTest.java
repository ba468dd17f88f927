package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients in few directories: whatever the order, the rows agree in the end, and nothing is left behind. */
class ConcurrentClientsTest {
    private static final int CLIENTS = 4;
    private static final int OPERATIONS = Boolean.getBoolean("cairn.long") ? 50_000 : 1_500;
    private static final int DIRECTORIES = 4;

    /** What may be refused when others are at work; anything else is a fault. */
    private static final Set<Errno> EXPECTED = Set.of(
            Errno.ENOENT,
            Errno.EEXIST,
            Errno.ENOTEMPTY,
            Errno.ENOTDIR,
            Errno.EISDIR,
            Errno.EINVAL,
            Errno.EPERM,
            Errno.ESTALE);

    @Test
    void inMemory() throws Exception {
        try (VerbsSubject subject = VerbsSubject.inMemory(new FakeClock())) {
            run(subject);
        }
    }

    @Test
    void onH2(@TempDir Path directory) throws Exception {
        try (VerbsSubject subject = VerbsSubject.onH2(new FakeClock(), directory)) {
            run(subject);
        }
    }

    private static void run(VerbsSubject subject) throws Exception {
        FileSystem fs = subject.fileSystem();
        OpContext op = new OpContext(Credentials.ROOT);
        List<FileHandle> directories = new ArrayList<>(List.of(fs.root()));
        for (int i = 0; i < DIRECTORIES; i++) {
            directories.add(fs.create(op, fs.root(), Name.of("dir" + i), CreateRequest.directory(0755))
                    .node()
                    .handle());
        }
        ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Map<Errno, Integer>>> results = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                results.add(executor.submit(new Client(fs, directories, client)));
            }
            for (Future<Map<Errno, Integer>> result : results) {
                assertThat(result.get().keySet()).isSubsetOf(EXPECTED);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        assertThat(subject.store().view().orphans()).isEmpty();

        removeAll(fs, op, fs.root());
        assertThat(NamespaceInvariants.scan(subject.store().view(), InodeRow.class))
                .extracting(InodeRow::inode)
                .containsExactly(RootDirectory.INODE);
        assertThat(NamespaceInvariants.broken(subject.store().view())).isEmpty();
        assertThat(subject.contents().count()).isZero();
    }

    private static void removeAll(FileSystem fs, OpContext op, FileHandle directory) throws FsException {
        DirectoryPage page = fs.readdir(op, directory, 0, 10_000, true);
        for (DirectoryPage.DirectoryEntry entry : page.entries()) {
            if (entry.node().attributes().type() == FileType.DIRECTORY) {
                removeAll(fs, op, entry.node().handle());
            }
            fs.remove(op, directory, entry.name(), RemoveKind.ANY);
        }
    }

    /** One client; counts the errors that it gets. */
    private static final class Client implements Callable<Map<Errno, Integer>> {
        private final FileSystem fs;
        private final List<FileHandle> directories;
        private final Random random;
        private final OpContext op = new OpContext(Credentials.ROOT);
        private final Map<Errno, Integer> errors = new EnumMap<>(Errno.class);

        Client(FileSystem fs, List<FileHandle> directories, long seed) {
            this.fs = fs;
            this.directories = directories;
            this.random = new Random(seed);
        }

        @Override
        public Map<Errno, Integer> call() {
            for (int i = 0; i < OPERATIONS; i++) {
                try {
                    operate();
                } catch (FsException e) {
                    errors.merge(e.errno(), 1, Integer::sum);
                }
            }
            return errors;
        }

        private FileHandle directory() {
            return directories.get(random.nextInt(directories.size()));
        }

        private Name name() throws FsException {
            return Name.of(String.valueOf((char) ('a' + random.nextInt(6))));
        }

        private void operate() throws FsException {
            switch (random.nextInt(10)) {
                case 0, 1 -> fs.create(op, directory(), name(), CreateRequest.file(0644));
                case 2 -> fs.create(op, directory(), name(), CreateRequest.directory(0755));
                case 3 -> fs.link(op, fs.lookup(op, directory(), name()).handle(), directory(), name());
                case 4 -> fs.rename(op, directory(), name(), directory(), name(), RenameFlag.REPLACE);
                case 5 -> fs.rename(op, directory(), name(), directory(), name(), RenameFlag.EXCHANGE);
                case 6 -> fs.remove(op, directory(), name(), RemoveKind.ANY);
                case 7 -> fs.readdir(op, directory(), random.nextInt(50), 10, true);
                case 8 -> write();
                default -> writeWhileRemoved();
            }
        }

        private void write() throws FsException {
            Node file = fs.lookup(op, directory(), name());
            if (file.attributes().type() == FileType.REGULAR) {
                fs.write(op, file.handle(), random.nextInt(9_000), ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
        }

        /** What is pinned stays usable whatever others do. */
        private void writeWhileRemoved() throws FsException {
            FileHandle in = directory();
            Name name = name();
            FileHandle file = fs.create(op, in, name, CreateRequest.file(0644).unchecked())
                    .node()
                    .handle();
            fs.pin(file);
            try {
                fs.remove(op, in, name, RemoveKind.NON_DIRECTORY);
            } catch (FsException e) {
                errors.merge(e.errno(), 1, Integer::sum);
            }
            try {
                fs.writeOpen(op, file, 0, ByteBuffer.wrap(new byte[100]));
                assertThat(fs.readOpen(op, file, 0, 100).length()).isEqualTo(100);
            } catch (FsException e) {
                throw new AssertionError("a pinned file was lost", e);
            } finally {
                fs.unpin(file);
            }
        }
    }
}
