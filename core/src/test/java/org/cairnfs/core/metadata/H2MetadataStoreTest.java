package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store promises its callers, one promise a test. */
class H2MetadataStoreTest {
    @TempDir
    Path directory;

    private StoreFixture fixture;

    @BeforeEach
    void fixture() {
        fixture = new StoreFixture(directory.resolve("db"));
    }

    @Test
    void whatWasMadeIsSeenAndSurvivesACleanRestart() throws Exception {
        long inode;
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            inode = StoreFixture.create(store, "a");
            assertThat(StoreFixture.file(store, "a")).isPresent();
        }
        try (MetadataStore store = fixture.open()) {
            InodeRow row = StoreFixture.file(store, "a").orElseThrow();
            assertThat(row.inode()).isEqualTo(inode);
            assertThat(row.generation()).isEqualTo(1);
            assertThat(row.born()).isEqualTo(1);
            assertThat(store.statistics().entries()).isEqualTo(1);
            assertThat(store.statistics().inodes()).isEqualTo(2);
        }
    }

    @Test
    void aMutationThatThrowsLeavesNoTrace() throws Exception {
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            long last = fixture.journal().lastSequence();
            assertThatThrownBy(() -> store.mutate(transaction -> {
                        transaction.newInode();
                        transaction.put(new DirentRow(1, Name.of("x"), 7, 3, 0));
                        transaction.afterCommit(() -> {
                            throw new AssertionError("ran");
                        });
                        throw new FsException(Errno.EACCES, "no");
                    }))
                    .isInstanceOfSatisfying(
                            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
            assertThat(store.view().dirent(1, Name.of("x"))).isEmpty();
            assertThat(fixture.journal().lastSequence()).isEqualTo(last);
            assertThat(StoreFixture.create(store, "y"))
                    .as("numbers are given back")
                    .isEqualTo(2);
        }
    }

    @Test
    void oneThatChangesNothingIsNotJournaled() throws Exception {
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            long last = fixture.journal().lastSequence();
            MetadataStore.Committed<String> committed = store.mutate(transaction -> {
                transaction.put(transaction.peek(1).orElseThrow());
                return "same";
            });
            assertThat(committed).isEqualTo(new MetadataStore.Committed<>("same", 0));
            assertThat(fixture.journal().lastSequence()).isEqualTo(last);
        }
    }

    @Test
    void rangesInsideAMutationSeeWhatItAndThoseBeforeItChanged() throws Exception {
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            for (int i = 0; i < 5; i++) {
                StoreFixture.create(store, "f" + i);
            }
            List<Name> names = store.mutate(transaction -> {
                        transaction.delete(transaction
                                .dirent(1, Name.of("f1"))
                                .orElseThrow()
                                .key());
                        transaction.put(new DirentRow(1, Name.of("new"), 9, 100, 0));
                        return transaction.dirents(1, 3, 3).stream()
                                .map(DirentRow::name)
                                .toList();
                    })
                    .value();
            assertThat(names).containsExactly(Name.of("f2"), Name.of("f3"), Name.of("f4"));
            assertThat(store.view().dirents(1, 7, 10)).hasSize(1);
        }
    }

    @Test
    void lazyChangesAreSeenAtOnceAndSurviveACrash() throws Exception {
        long inode;
        H2MetadataStore store = fixture.sweepMillis(3_600_000).open();
        StoreFixture.makeRoot(store);
        inode = StoreFixture.create(store, "a");
        long sequence = StoreFixture.write(store, inode, 0, 10).sequence();
        assertThat(store.view().inode(inode).orElseThrow().size()).isEqualTo(10);
        assertThat(store.view().usage(0)).isEqualTo(new UsageRow(0, 10, 2));
        StoreFixture.create(store, "b");
        store.abandon();

        try (MetadataStore again = fixture.open()) {
            assertThat(again.view().inode(inode).orElseThrow().size()).isEqualTo(10);
            assertThat(again.view().usage(0)).isEqualTo(new UsageRow(0, 10, 3));
            assertThat(fixture.heard()).extracting(StoreFixture.Heard::sequence).contains(sequence);
        }
    }

    @Test
    void anOriginIsAnsweredOnceAfterARestart() throws Exception {
        Origin first = new Origin(1, 2, 3, 4);
        Origin later = new Origin(1, 2, 4, 5);
        H2MetadataStore store = fixture.open();
        StoreFixture.makeRoot(store);
        store.mutate(withOrigin("a", first));
        store.mutate(withOrigin("b", later));
        assertThat(store.takeResult(later)).as("answered in this life").isEmpty();
        store.abandon();

        try (MetadataStore again = fixture.open()) {
            assertThat(again.unanswered()).containsOnlyKeys(later);
            assertThat(again.takeResult(first)).isEmpty();
            assertThat(again.takeResult(later)).contains(Bytes.ofTrusted(new byte[] {'b'}));
            assertThat(again.takeResult(later)).isEmpty();
        }
    }

    private static Mutation<Long> withOrigin(String name, Origin origin) throws FsException {
        Mutation<Long> creation = StoreFixture.creation(name);
        return new Mutation<>() {
            @Override
            public Long run(Transaction transaction) throws FsException {
                transaction.result(Bytes.ofTrusted(new byte[] {(byte) name.charAt(0)}));
                return creation.run(transaction);
            }

            @Override
            public Optional<Origin> origin() {
                return Optional.of(origin);
            }
        };
    }

    @Test
    void numbersAreNotReusedAfterACrash() throws Exception {
        H2MetadataStore store = fixture.open();
        StoreFixture.makeRoot(store);
        long before = StoreFixture.create(store, "a");
        store.abandon();
        fixture.journal(fixture.journal().copyUpTo(1));
        try (MetadataStore again = fixture.open()) {
            assertThat(StoreFixture.create(again, "b")).isGreaterThan(before);
        }
    }

    @Test
    void accessTimesAreSeenAtOnceAndJournaledAtClose() throws Exception {
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            StoreFixture.create(store, "a");
            store.touchAtime(2, 77);
            assertThat(store.view().atime(store.view().inode(2).orElseThrow())).isEqualTo(77);
        }
        try (MetadataStore store = fixture.open()) {
            assertThat(store.view().atime(store.view().inode(2).orElseThrow())).isEqualTo(77);
            StoreFixture.remove(store, "a");
            store.touchAtime(2, 99);
        }
        try (MetadataStore store = fixture.open()) {
            assertThat(store.view().scan(AtimeRow.class, Optional.empty(), 10)).isEmpty();
        }
    }

    @Test
    void anAccessTimeThatIsSetCountsMoreThanWhatReadsNoted() throws Exception {
        try (MetadataStore store = fixture.open()) {
            StoreFixture.makeRoot(store);
            StoreFixture.create(store, "a");
            store.touchAtime(2, 77);
            store.mutate(transaction -> {
                transaction.put(new AtimeRow(2, 5));
                assertThat(transaction.atime(transaction.inode(2).orElseThrow()))
                        .isEqualTo(5);
                return null;
            });
            assertThat(store.view().atime(store.view().inode(2).orElseThrow())).isEqualTo(5);
        }
        try (MetadataStore store = fixture.open()) {
            assertThat(store.view().atime(store.view().inode(2).orElseThrow())).isEqualTo(5);
        }
    }

    @Test
    void aFailingJournalStopsTheStoreForGoodAndTellsOnce() throws Exception {
        H2MetadataStore store = fixture.open();
        StoreFixture.makeRoot(store);
        fixture.journal().failNow();
        assertThatThrownBy(() -> StoreFixture.create(store, "a")).isInstanceOf(MetadataFailedException.class);
        assertThatThrownBy(() -> StoreFixture.create(store, "a")).isInstanceOf(MetadataFailedException.class);
        assertThatThrownBy(() -> StoreFixture.write(store, 1, 0, 1)).isInstanceOf(MetadataFailedException.class);
        assertThat(fixture.failures()).hasSize(1);
        store.close();
    }

    @Test
    void aFullJournalIsSaidToTheCaller() throws Exception {
        fixture.journal(new org.cairnfs.core.testkit.MemoryJournal(1));
        try (MetadataStore store = fixture.open()) {
            assertThatThrownBy(() -> StoreFixture.makeRoot(store))
                    .isInstanceOfSatisfying(
                            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EAGAIN));
        }
    }
}
