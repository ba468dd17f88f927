package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryMetadataStore;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for all verbs alike: read-only service, a full journal, resends, sequences. */
class CairnFileSystemTest {
    private final FakeClock clock = new FakeClock();
    private final VerbsSubject subject = VerbsSubject.inMemory(clock);
    private MutatingVerbs verbs;
    private FileHandle file;

    @BeforeEach
    void plant() throws FsException {
        verbs = MutatingVerbs.plant(subject.fileSystem());
        file = verbs.file();
    }

    @Test
    void whatIsServedReadOnlyChangesInNoWay() throws FsException {
        subject.restartReadOnly();
        FileSystem fs = subject.fileSystem();
        Shell shell = new Shell(fs);
        Attributes before = shell.stat("/file");
        clock.advance(1_000_000_000L);
        verbs.on(fs, shell.op())
                .forEach((name, verb) -> assertThat(errno(verb.call())).as(name).contains(Errno.EROFS));
        assertThat(shell.read("/file")).isEqualTo("text");
        assertThat(shell.ls("/")).containsExactly("file", "other", "dir");
        assertThat(shell.stat("/file")).isEqualTo(before);
        assertThat(fs.access(shell.op(), file, 7)).isEqualTo(Access.READ);
    }

    @Test
    void aFullJournalLetsRemovalsThrough() throws FsException {
        FileSystem fs = subject.fileSystem();
        Shell shell = new Shell(fs);
        ((MemoryMetadataStore) subject.store()).setFull(true);
        assertThat(errno(() -> shell.touch("/new", 0644))).contains(Errno.EAGAIN);
        assertThat(errno(() -> shell.chmod("/file", 0600))).contains(Errno.EAGAIN);
        shell.unlink("/file");
        shell.rmdir("/dir");
        assertThat(shell.ls("/")).containsExactly("other");
    }

    @Test
    void aFullJournalLetsGraceEnd() throws FsException {
        FileHandle dir = new Shell(subject.fileSystem()).at("/dir");
        subject.fileSystem().pin(dir);
        new Shell(subject.fileSystem()).rmdir("/dir");
        subject.restart();
        ((MemoryMetadataStore) subject.store()).setFull(true);
        subject.fileSystem().endGrace();
        assertThat(subject.store().view().orphans()).isEmpty();
    }

    @Test
    void aResentRequestIsAnsweredOnceFromTheJournal() throws FsException {
        OpContext create = new OpContext(Credentials.ROOT, new Origin(1, 2, 3, 4));
        OpContext remove = new OpContext(Credentials.ROOT, new Origin(1, 3, 3, 5));
        FileSystem fs = subject.fileSystem();
        Created made = fs.create(create, fs.root(), Name.of("new"), CreateRequest.file(0644));
        DirectoryChange removed = fs.remove(remove, fs.root(), Name.of("dir"), RemoveKind.DIRECTORY);

        subject.restart();
        FileSystem again = subject.fileSystem();
        assertThat(again.unansweredOrigins()).hasSize(2);
        assertThat(again.create(create, again.root(), Name.of("new"), CreateRequest.file(0644)))
                .isEqualTo(made);
        assertThat(again.remove(remove, again.root(), Name.of("dir"), RemoveKind.DIRECTORY))
                .isEqualTo(removed);
        assertThat(again.unansweredOrigins()).isEmpty();
        assertThat(errno(() -> again.create(create, again.root(), Name.of("new"), CreateRequest.file(0644))))
                .contains(Errno.EEXIST);
    }

    /** mkdir, rmdir, mkdir with equal arguments: only what may still be unanswered is answered from the journal. */
    @Test
    void aRequestThatIsMadeAnewIsNotTakenForAResentOne() throws FsException {
        OpContext make = new OpContext(Credentials.ROOT, new Origin(1, 1, 1, 10));
        OpContext remove = new OpContext(Credentials.ROOT, new Origin(1, 2, 1, 20));
        FileSystem fs = subject.fileSystem();
        Name name = Name.of("new");
        fs.create(make, fs.root(), name, CreateRequest.directory(0755));
        fs.remove(remove, fs.root(), name, RemoveKind.DIRECTORY);

        subject.restart();
        FileSystem again = subject.fileSystem();
        assertThat(again.unansweredOrigins())
                .as("the directory is gone since")
                .containsExactly(new Origin(1, 2, 1, 20));
        again.create(make, again.root(), name, CreateRequest.directory(0755));
        assertThat(again.lookup(make, again.root(), name).attributes().type()).isEqualTo(FileType.DIRECTORY);
        again.remove(remove, again.root(), name, RemoveKind.DIRECTORY);
        assertThat(errno(() -> again.lookup(remove, again.root(), name))).contains(Errno.ENOENT);
        again.create(make, again.root(), name, CreateRequest.directory(0755));
        assertThat(again.lookup(make, again.root(), name).attributes().type()).isEqualTo(FileType.DIRECTORY);
    }

    @Test
    void whatOthersChangeAfterTheRestartCountsToo() throws FsException {
        OpContext make = new OpContext(Credentials.ROOT, new Origin(1, 1, 1, 10));
        OpContext other = new OpContext(Credentials.ROOT);
        Name name = Name.of("new");
        FileSystem fs = subject.fileSystem();
        fs.create(make, fs.root(), name, CreateRequest.file(0644));

        subject.restart();
        FileSystem again = subject.fileSystem();
        again.rename(other, again.root(), name, again.root(), Name.of("taken"), RenameFlag.REPLACE);
        Created made = again.create(make, again.root(), name, CreateRequest.file(0644));
        assertThat(again.lookup(other, again.root(), name).handle())
                .isEqualTo(made.node().handle());
    }

    @Test
    void theEndOfGraceForgetsWhatWasNotAskedAgain() throws FsException {
        OpContext create = new OpContext(Credentials.ROOT, new Origin(1, 2, 3, 4));
        subject.fileSystem().create(create, subject.fileSystem().root(), Name.of("new"), CreateRequest.file(0644));
        subject.restart();
        subject.fileSystem().endGrace();
        assertThat(subject.fileSystem().unansweredOrigins()).isEmpty();
    }

    @Test
    void mutationsSayHowFarTheJournalMustBeSynced() throws FsException {
        FileSystem fs = subject.fileSystem();
        OpContext op = new OpContext(Credentials.ROOT);
        fs.getattr(op, file);
        assertThat(op.journaled()).isZero();
        fs.write(op, file, 0, ByteBuffer.wrap(new byte[1]));
        long written = op.journaled();
        assertThat(written).isPositive();
        fs.remove(op, fs.root(), Name.of("file"), RemoveKind.ANY);
        assertThat(op.journaled()).isGreaterThan(written);
    }

    @Test
    void statfsTellsWhatIsUsed() throws FsException {
        FsStatistics before = subject.fileSystem()
                .statfs(new OpContext(Credentials.ROOT), subject.fileSystem().root());
        new Shell(subject.fileSystem()).write("/file", 0, "something longer");
        FsStatistics after = subject.fileSystem()
                .statfs(new OpContext(Credentials.ROOT), subject.fileSystem().root());
        assertThat(before.freeBytes() - after.freeBytes()).isEqualTo(12);
        assertThat(after.totalBytes()).isEqualTo(1L << 60);
        assertThat(after.totalInodes() - after.freeInodes()).isEqualTo(4);
    }
}
