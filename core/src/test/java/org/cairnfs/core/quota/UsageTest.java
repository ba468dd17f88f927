package org.cairnfs.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.metadata.Ancestry;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.NamespaceInvariants;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes, quotas that come and go, restarts: what the usages say is what the inodes are, and who counts is who is in the tree. */
class UsageTest {
    private static final int STEPS = 100;

    @TempDir
    private Path folder;

    private VerbsSubject subject;
    private Shell shell;
    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void usagesAreTheSumsOfTheirTrees(long seed) throws FsException {
        random = new Random(seed);
        subject = VerbsSubject.onH2(new FakeClock(), folder);
        shell = new Shell(subject.fileSystem());
        for (int step = 0; step < STEPS; step++) {
            Optional<Errno> refusal = errno(this::act);
            assertThat(refusal).as("step %d", step).isNotEqualTo(Optional.of(Errno.EIO));
            compare(step);
        }
        subject.close();
    }

    private void act() throws FsException {
        FileSystem fs = subject.fileSystem();
        FileHandle directory = handle(any(FileType.DIRECTORY));
        FileHandle other = handle(any(FileType.DIRECTORY));
        Name name = Name.of("n" + random.nextInt(5));
        Name otherName = Name.of("n" + random.nextInt(5));
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> fs.create(shell.op(), directory, name, CreateRequest.file(0644));
            case 3, 4 -> fs.create(shell.op(), directory, name, CreateRequest.directory(0755));
            case 5, 6 ->
                fs.write(
                        shell.op(),
                        handle(any(FileType.REGULAR)),
                        random.nextInt(50),
                        ByteBuffer.wrap(new byte[1 + random.nextInt(50)]));
            case 7 -> fs.setattr(shell.op(), handle(any(FileType.REGULAR)), SetAttributes.ofSize(random.nextInt(60)));
            case 8 -> fs.rename(shell.op(), directory, name, other, otherName, RenameFlag.REPLACE);
            case 9 -> fs.rename(shell.op(), directory, name, other, otherName, RenameFlag.EXCHANGE);
            case 10 -> fs.link(shell.op(), handle(any(FileType.REGULAR)), directory, name);
            case 11 -> fs.remove(shell.op(), directory, name, RemoveKind.ANY);
            case 12 -> subject.quotaSetting().set(new QuotaRow(directory.inode(), 0, 400, 0, 20, 0, 0));
            case 13 -> subject.quotaSetting().remove(any(FileType.DIRECTORY).quotaRoot());
            case 14 -> subject.work().drain();
            default -> {
                subject.restart();
                shell = new Shell(subject.fileSystem());
                subject.fileSystem().endGrace();
            }
        }
    }

    private InodeRow any(FileType type) throws FsException {
        List<InodeRow> all = inodes().stream()
                .filter(row -> row.type() == type && row.nlink() > 0)
                .toList();
        if (all.isEmpty()) {
            throw new FsException(Errno.ENOENT, "there is no " + type);
        }
        return all.get(random.nextInt(all.size()));
    }

    private List<InodeRow> inodes() {
        return NamespaceInvariants.scan(subject.store().view(), InodeRow.class);
    }

    private FileHandle handle(InodeRow inode) {
        return new FileHandle(subject.fileSystem().root().fileSystem(), inode.inode(), inode.generation(), 0);
    }

    private void compare(int step) {
        MetadataView view = subject.store().view();
        Map<Long, UsageRow> sums = new HashMap<>();
        for (InodeRow inode : inodes()) {
            sums.merge(
                    inode.quotaRoot(),
                    new UsageRow(inode.quotaRoot(), inode.type() == FileType.REGULAR ? inode.size() : 0, 1),
                    (a, b) -> new UsageRow(a.root(), a.bytes() + b.bytes(), a.inodes() + b.inodes()));
        }
        for (InodeRow inode : inodes()) {
            if (inode.isDirectory()) {
                UsageRow none = new UsageRow(inode.inode(), 0, 0);
                assertThat(view.usage(inode.inode()))
                        .as("step %d", step)
                        .isEqualTo(sums.getOrDefault(inode.inode(), none));
            }
        }
        if (view.works().isEmpty()) {
            for (QuotaRow quota : subject.quotas().all()) {
                for (InodeRow inode : inodes()) {
                    if (inode.isDirectory() && inode.nlink() > 0) {
                        assertThat(inode.quotaRoot() == quota.root())
                                .as("step %d: directory %d counts for %d", step, inode.inode(), quota.root())
                                .isEqualTo(Ancestry.isAtOrBelow(view, inode, Set.of(quota.root())));
                    }
                }
            }
        }
        assertThat(NamespaceInvariants.broken(view)).as("step %d", step).isEmpty();
    }
}
