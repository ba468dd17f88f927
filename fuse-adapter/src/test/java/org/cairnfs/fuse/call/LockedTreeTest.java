package org.cairnfs.fuse.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.fuse.testing.Caller;
import org.cairnfs.fuse.testing.MemoryVolume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way in which the kernel can ask to change a locked tree, by root: EPERM, and nothing is changed; also through files that were open before. */
class LockedTreeTest {
    private static final long ROOT = Inodes.ROOT;
    private static final Caller CALLER = Caller.ROOT;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_TRUNC = 01000;
    private static final int O_APPEND = 02000;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 16;
    private static final byte[] XATTR = bytes("user.colour");

    private final MemoryVolume volume = new MemoryVolume();
    private final Shell other = volume.shell();
    private final MountCalls calls = new MountCalls(volume.shared(), Blocking.UNNOTICED, KernelPages.NONE);
    private long tree;
    private long file;
    private long open;
    private long outside;

    private interface Call {
        void run() throws Refusal;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private long inode(long directory, String name) throws Refusal {
        return calls.names().lookup(CALLER, directory, bytes(name)).inode();
    }

    @BeforeEach
    void lock() throws Exception {
        for (String directory : new String[] {"/tree", "/tree/dir", "/tree/dir/sub", "/outside"}) {
            other.mkdir(directory, 0777);
        }
        for (String made : new String[] {"/tree/file", "/tree/dir/deep", "/outside/free"}) {
            other.touch(made, 0666);
            other.write(made, 0, "text");
        }
        tree = inode(ROOT, "tree");
        outside = inode(ROOT, "outside");
        file = inode(tree, "file");
        calls.xattrs().set(CALLER, file, XATTR, bytes("blue"), 0);
        open = calls.files().open(CALLER, file, O_RDWR).number();
        volume.lock("/tree");
    }

    @AfterEach
    void close() {
        calls.close();
        volume.close();
    }

    private void set(SetAttributes wanted) throws Refusal {
        calls.attributes().setattr(CALLER, file, wanted, OptionalLong.empty());
    }

    private void write(long offset) throws Refusal {
        calls.files().write(CALLER, open, offset, ByteBuffer.wrap(bytes("other")), false);
    }

    private Map<String, Call> waysToChange() {
        Map<String, Call> ways = new LinkedHashMap<>();
        ways.put("open to write", () -> calls.files().open(CALLER, file, O_WRONLY));
        ways.put("open to read and write", () -> calls.files().open(CALLER, file, O_RDWR));
        ways.put("open to append", () -> calls.files().open(CALLER, file, O_WRONLY | O_APPEND));
        ways.put("open and truncate", () -> calls.files().open(CALLER, file, O_WRONLY | O_TRUNC));
        ways.put(
                "create what is there",
                () -> calls.files().create(CALLER, tree, bytes("file"), 0644, O_RDWR | O_TRUNC));
        ways.put("write", () -> write(0));
        ways.put("append", () -> write(4));
        ways.put(
                "write of mapped memory",
                () -> calls.files().write(CALLER, open, 0, ByteBuffer.wrap(bytes("other")), true));
        ways.put("truncate", () -> set(SetAttributes.ofSize(1L)));
        ways.put(
                "ftruncate",
                () -> calls.attributes().setattr(CALLER, file, SetAttributes.ofSize(1L), OptionalLong.of(open)));
        ways.put("lengthen", () -> set(SetAttributes.ofSize(100L)));
        ways.put("chmod", () -> set(SetAttributes.ofMode(0600)));
        ways.put("chown", () -> set(new SetAttributes(null, 1000, null, null, null, null)));
        ways.put("chgrp", () -> set(new SetAttributes(null, null, 1000, null, null, null)));
        ways.put("utimes", () -> set(new SetAttributes(null, null, null, null, new SetTime.At(1), new SetTime.At(1))));
        ways.put("touch", () -> set(new SetAttributes(null, null, null, null, SetTime.NOW, SetTime.NOW)));
        ways.put("setxattr", () -> calls.xattrs().set(CALLER, file, XATTR, bytes("red"), 0));
        ways.put("new xattr", () -> calls.xattrs().set(CALLER, file, bytes("user.new"), bytes("red"), 0));
        ways.put("removexattr", () -> calls.xattrs().remove(CALLER, file, XATTR));
        ways.put("fallocate", () -> calls.files().fallocate(CALLER, open, 0, 0, 100));
        ways.put("punch a hole", () -> calls.files().fallocate(CALLER, open, PUNCH_HOLE | KEEP_SIZE, 0, 2));
        ways.put("zero a range", () -> calls.files().fallocate(CALLER, open, ZERO_RANGE, 0, 2));
        ways.put("create", () -> calls.files().create(CALLER, tree, bytes("new"), 0644, O_RDWR));
        ways.put("mknod", () -> calls.names().mknod(CALLER, tree, bytes("new"), 0010644, 0));
        ways.put("mkdir", () -> calls.names().mkdir(CALLER, tree, bytes("new"), 0755));
        ways.put("symlink", () -> calls.names().symlink(CALLER, tree, bytes("new"), bytes("file")));
        ways.put("unlink", () -> calls.names().remove(CALLER, tree, bytes("file"), RemoveKind.NON_DIRECTORY));
        ways.put("rmdir", () -> calls.names().remove(CALLER, inode(tree, "dir"), bytes("sub"), RemoveKind.DIRECTORY));
        ways.put("rename in it", () -> calls.names().rename(CALLER, tree, bytes("file"), tree, bytes("new")));
        ways.put("rename out of it", () -> calls.names().rename(CALLER, tree, bytes("file"), outside, bytes("new")));
        ways.put("rename into it", () -> calls.names().rename(CALLER, outside, bytes("free"), tree, bytes("new")));
        ways.put("rename over", () -> calls.names().rename(CALLER, outside, bytes("free"), tree, bytes("file")));
        ways.put("rename its root", () -> calls.names().rename(CALLER, ROOT, bytes("tree"), ROOT, bytes("new")));
        ways.put("hard link out of it", () -> calls.names().link(CALLER, file, outside, bytes("new")));
        ways.put("hard link into it", () -> calls.names().link(CALLER, inode(outside, "free"), tree, bytes("new")));
        return ways;
    }

    @Test
    void everyChangeIsRefusedAndChangesNothing() throws Exception {
        Attributes before = other.stat("/tree/file");
        Attributes root = other.stat("/tree");
        waysToChange().forEach((way, call) -> {
            Refusal refusal = catchThrowableOfType(Refusal.class, call::run);
            assertThat(refusal).as(way).isNotNull();
            assertThat(refusal.errno()).as(way).isEqualTo(Errno.EPERM.number());
        });
        assertThat(other.stat("/tree/file")).isEqualTo(before);
        assertThat(other.stat("/tree")).isEqualTo(root);
        assertThat(other.read("/tree/file")).isEqualTo("text");
        assertThat(calls.xattrs().get(CALLER, file, XATTR).toArray()).isEqualTo(bytes("blue"));
    }

    /** Those that the kernel does not refuse by permissions: what may be read still may. */
    @Test
    void itCanBeReadAndClosed() throws Exception {
        assertThat(List.of(calls.files().read(CALLER, open, 0, 10).length(), calls.openFiles()))
                .containsExactly(4, 1);
        long again = calls.files().open(CALLER, file, 0).number();
        calls.files().release(again);
        calls.files().release(open);
        assertThat(calls.openFiles()).isZero();
    }
}
