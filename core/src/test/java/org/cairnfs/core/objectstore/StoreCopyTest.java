package org.cairnfs.core.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.StoreCopy.Result;
import org.cairnfs.core.testkit.FaultyObjectStore;
import org.cairnfs.core.testkit.FaultyObjectStore.Faults;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreCopyTest {
    private final MemoryObjectStore source = new MemoryObjectStore();
    private final MemoryObjectStore target = new MemoryObjectStore();
    private final List<Long> progress = new ArrayList<>();

    @BeforeEach
    void fill() throws Exception {
        for (int i = 0; i < 50; i++) {
            source.put("pack/" + i, ByteBuffer.wrap(new byte[] {(byte) i, 1, 2}));
        }
        source.put("format", ByteBuffer.wrap(new byte[] {1}));
        source.put("keys", ByteBuffer.wrap(new byte[] {2}));
        source.put("lease", ByteBuffer.wrap(new byte[] {3}));
        source.put("probe/1", ByteBuffer.wrap(new byte[] {4}));
    }

    private Result copy(ObjectStore to) throws Exception {
        return new StoreCopy(source, to, (bytes, total) -> {
                    assertThat(total).isEqualTo(152);
                    progress.add(bytes);
                })
                .run();
    }

    @Test
    void everythingIsCopiedButTheLease() throws Exception {
        assertThat(copy(target)).isEqualTo(new Result(52, 152, 0));
        assertThat(target.get("pack/7", 3)).containsExactly(7, 1, 2);
        assertThat(target.head("lease")).isEmpty();
        assertThat(target.head("probe/1")).isEmpty();
        assertThat(progress).isSorted().endsWith(152L);
    }

    @Test
    void whatIsThereIsNotCopiedAgainButForTheKeys() throws Exception {
        copy(target);
        source.put("pack/new", ByteBuffer.allocate(0));
        source.put("keys", ByteBuffer.wrap(new byte[] {9}));
        assertThat(copy(target)).isEqualTo(new Result(2, 1, 51));
        assertThat(target.get("keys", 1)).containsExactly(9);
    }

    @Test
    void aCopyThatIsBrokenOffIsNoFileSystemAndGoesOn() throws Exception {
        FaultyObjectStore faulty = new FaultyObjectStore(target, 3, Faults.errors(0.1));
        int broken = 0;
        Result last = null;
        while (last == null) {
            try {
                last = copy(faulty);
            } catch (ObjectStoreException e) {
                broken++;
                assertThat(target.head("format").isPresent()
                                && target.list("pack/", "", 100).size() < 50)
                        .as("a file system that lacks packs")
                        .isFalse();
            }
        }
        assertThat(broken).isPositive();
        assertThat(last.skipped()).isPositive();
        assertThat(target.list("pack/", "", 100)).hasSize(50);
    }

    @Test
    void anotherFileSystemIsNotOverwritten() throws Exception {
        target.put("format", ByteBuffer.wrap(new byte[] {7}));
        assertThatThrownBy(() -> copy(target))
                .hasMessageContaining("holds another file system")
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PERMANENT));
        assertThat(target.list("", "", 10)).hasSize(1);
    }

    @Test
    void aStoreWithoutAFileSystemIsNotCopied() throws Exception {
        source.delete("format");
        assertThatThrownBy(() -> copy(target)).hasMessageContaining("there is no file system");
    }
}
