package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryMetadataStore;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.Test;

/** A directory of 100,000 names: what a page costs is counted in rows, and does not depend on where it begins. */
class LargeDirectoryTest {
    private static final int FILES = 100_000;
    private static final int PAGE = 1_000;

    private final VerbsSubject subject = VerbsSubject.inMemory(new FakeClock());
    private final MemoryMetadataStore store = (MemoryMetadataStore) subject.store();
    private final FileSystem fs = subject.fileSystem();
    private final OpContext op = new OpContext(Credentials.ROOT);

    @Test
    void listsAndRemovesAtAConstantCost() throws FsException {
        FileHandle directory = fill();
        Set<Name> seen = new HashSet<>();
        long after = 0;
        int removed = 0;
        DirectoryPage page;
        do {
            long rows = store.rangeRows();
            page = fs.readdir(op, directory, after, PAGE, true);
            assertThat(store.rangeRows() - rows).isLessThanOrEqualTo(PAGE + 1);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                assertThat(entry.cookie()).isGreaterThan(after);
                after = entry.cookie();
                assertThat(seen.add(entry.name())).isTrue();
            }
            // As rm -r does: what was listed goes while the listing goes on, the last one too.
            long before = store.rangeRows();
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                fs.remove(op, directory, entry.name(), RemoveKind.NON_DIRECTORY);
                removed++;
            }
            assertThat(store.rangeRows() - before)
                    .as("removing reads no ranges")
                    .isZero();
        } while (!page.end());
        assertThat(seen).hasSize(FILES);
        assertThat(removed).isEqualTo(FILES);
        fs.remove(op, fs.root(), Name.of("large"), RemoveKind.DIRECTORY);
        assertThat(store.rows()).as("the root is left").isEqualTo(1);
    }

    @Test
    void aListingSeesEverythingThatStaysThoughOthersComeAndGo() throws FsException {
        FileHandle directory = fill();
        Set<Name> seen = new HashSet<>();
        long after = 0;
        int turn = 0;
        DirectoryPage page;
        do {
            page = fs.readdir(op, directory, after, 10_000, false);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                seen.add(entry.name());
                after = entry.cookie();
            }
            // Even names go and new ones come; odd ones stay.
            for (int i = turn; i < FILES; i += 1_000) {
                if (i % 2 == 0) {
                    fs.remove(op, directory, Name.of("file" + i), RemoveKind.ANY);
                }
            }
            fs.create(op, directory, Name.of("new" + turn), CreateRequest.file(0644));
            turn++;
        } while (!page.end() && turn < 100);
        Set<Name> stayed = new HashSet<>();
        for (int i = 1; i < FILES; i += 2) {
            stayed.add(Name.of("file" + i));
        }
        stayed.removeAll(seen);
        assertThat(stayed).as("missed").isEmpty();
    }

    /** What is replaced or exchanged while a listing goes on was there all the time: it is listed once. */
    @Test
    void aNameThatLeadsElsewhereKeepsItsPlace() throws FsException {
        for (int i = 0; i < 6; i++) {
            fs.create(op, fs.root(), Name.of("name" + i), CreateRequest.file(0644));
        }
        fs.create(op, fs.root(), Name.of("spare"), CreateRequest.file(0644));
        List<DirectoryPage.DirectoryEntry> before =
                fs.readdir(op, fs.root(), 0, 10, false).entries();
        fs.rename(op, fs.root(), Name.of("spare"), fs.root(), Name.of("name1"), RenameFlag.REPLACE);
        fs.rename(op, fs.root(), Name.of("name2"), fs.root(), Name.of("name4"), RenameFlag.EXCHANGE);
        List<DirectoryPage.DirectoryEntry> after =
                fs.readdir(op, fs.root(), 0, 10, false).entries();
        assertThat(after).hasSize(6);
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).name()).isEqualTo(before.get(i).name());
            assertThat(after.get(i).cookie()).isEqualTo(before.get(i).cookie());
        }
        assertThat(after.get(1).node().handle()).isEqualTo(before.get(6).node().handle());
        assertThat(after.get(2).node().handle()).isEqualTo(before.get(4).node().handle());
    }

    private FileHandle fill() throws FsException {
        FileHandle directory = fs.create(op, fs.root(), Name.of("large"), CreateRequest.directory(0755))
                .node()
                .handle();
        for (int i = 0; i < FILES; i++) {
            fs.create(op, directory, Name.of("file" + i), CreateRequest.file(0644));
        }
        return directory;
    }
}
