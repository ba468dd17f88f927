package org.cairnfs.fuse.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.fuse.testing.Caller;
import org.cairnfs.fuse.testing.MemoryVolume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the kernel is given of small files that were written through the mount, and when it is given nothing. */
class KernelPagesTest {
    private static final int O_WRONLY = 1;
    private static final int O_TRUNC = 01000;

    private final MemoryVolume volume = new MemoryVolume();
    private final Shell other = volume.shell();
    private final List<String> given = new ArrayList<>();
    private final MountCalls calls = new MountCalls(
            volume.shared(), Blocking.UNNOTICED, (inode, contents) -> given.add(new String(contents, UTF_8)));

    @AfterEach
    void close() {
        calls.close();
        volume.close();
    }

    private CreatedFile create(String name) throws Refusal {
        return calls.files().create(Caller.ROOT, Inodes.ROOT, name.getBytes(UTF_8), 0644, O_WRONLY);
    }

    private void write(CreatedFile file, long offset, String text) throws Refusal {
        write(file.opened().number(), offset, text);
    }

    private void write(long file, long offset, String text) throws Refusal {
        calls.files().write(Caller.ROOT, file, offset, ByteBuffer.wrap(text.getBytes(UTF_8)), false);
    }

    private void release(CreatedFile file) throws Refusal {
        calls.files().release(file.opened().number());
    }

    private void setattr(CreatedFile file, SetAttributes wanted) throws Refusal {
        calls.attributes().setattr(Caller.ROOT, file.entry().inode(), wanted, OptionalLong.empty());
    }

    @Test
    void whatWasWrittenFromTheBeginningIsGivenBackOnceWhenTheFileIsClosed() throws Exception {
        CreatedFile file = create("f");
        write(file, 0, "one");
        write(file, 3, "two");
        setattr(file, SetAttributes.ofMode(0600)); // As cp -p does: it leaves what is in the file.
        assertThat(given).isEmpty();
        release(file);
        assertThat(given).containsExactly("onetwo");
        assertThat(calls.files().open(Caller.ROOT, file.entry().inode(), 0).keepPages())
                .isTrue();
        long again =
                calls.files().open(Caller.ROOT, file.entry().inode(), O_WRONLY).number();
        calls.files().release(again);
        assertThat(given).hasSize(1);
    }

    @Test
    void nothingIsGivenOfWhatSomebodyElseHasChanged() throws Exception {
        CreatedFile file = create("f");
        write(file, 0, "mine");
        other.write("/f", 0, "hers");
        release(file);
        assertThat(given).isEmpty();
        CreatedFile second = create("g");
        write(second, 0, "mine");
        other.write("/g", 0, "hers");
        write(second, 4, "more");
        release(second);
        assertThat(given).isEmpty();
    }

    @Test
    void nothingIsGivenWhileAnotherHasItOpen() throws Exception {
        CreatedFile read = create("r");
        write(read, 0, "text");
        long reader = calls.files().open(Caller.ROOT, read.entry().inode(), 0).number();
        release(read);
        assertThat(given).isEmpty();
        calls.files().release(reader);
        assertThat(given).containsExactly("text");
        given.clear();
        CreatedFile file = create("f");
        write(file, 0, "text");
        long second =
                calls.files().open(Caller.ROOT, file.entry().inode(), O_WRONLY).number();
        release(file);
        assertThat(given).isEmpty();
        write(second, 0, "T");
        calls.files().release(second);
        assertThat(given).isEmpty();
        long third = calls.files()
                .open(Caller.ROOT, file.entry().inode(), O_WRONLY | O_TRUNC)
                .number();
        write(third, 0, "new");
        calls.files().release(third);
        assertThat(given).containsExactly("new");
    }

    @Test
    void nothingIsGivenOfAFileOfAnotherLengthThanWasWritten() throws Exception {
        CreatedFile file = create("f");
        write(file, 0, "text");
        setattr(file, SetAttributes.ofSize(2L));
        release(file);
        CreatedFile sparse = create("g");
        write(sparse, 2, "text");
        release(sparse);
        CreatedFile allocated = create("h");
        write(allocated, 0, "text");
        calls.files().fallocate(Caller.ROOT, allocated.opened().number(), 0, 0, 100);
        release(allocated);
        assertThat(given).isEmpty();
    }

    @Test
    void wholePagesAndLargeFilesAreNotGivenAsTheKernelHasMostOfThem() throws Exception {
        CreatedFile pages = create("f");
        write(pages, 0, "x".repeat(8192));
        release(pages);
        CreatedFile large = create("g");
        write(large, 0, "x".repeat(WrittenContents.MOST_BYTES));
        write(large, WrittenContents.MOST_BYTES, "y");
        release(large);
        assertThat(given).isEmpty();
    }

    @Test
    void allFilesTogetherKeepNoMoreThanTheBound() throws Exception {
        String text = "x".repeat(WrittenContents.MOST_BYTES - 1);
        int fit = (int) (WrittenContents.MOST_IN_ALL / text.length());
        List<CreatedFile> files = new ArrayList<>();
        for (int i = 0; i < fit + 10; i++) {
            files.add(create("f" + i));
            write(files.get(i), 0, text);
        }
        for (CreatedFile file : files) {
            release(file);
        }
        assertThat(given).hasSize(fit);
        CreatedFile next = create("next");
        write(next, 0, "text");
        release(next);
        assertThat(given).hasSize(fit + 1);
    }

    @Test
    void nothingIsGivenToAKernelThatHasGone() throws Exception {
        write(create("f"), 0, "text");
        calls.close();
        assertThat(given).isEmpty();
    }
}
