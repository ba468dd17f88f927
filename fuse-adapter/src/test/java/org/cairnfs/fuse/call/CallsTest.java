package org.cairnfs.fuse.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.lock.LockClient;
import org.cairnfs.core.lock.LockOwner;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.fuse.testing.Caller;
import org.cairnfs.fuse.testing.MemoryVolume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls as the kernel makes them, without a kernel. */
@Timeout(60)
class CallsTest {
    private static final long ROOT = Inodes.ROOT;
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_TRUNC = 01000;
    private static final int O_EXCL = 0200;
    private static final Caller USER = new Caller(1000, 1000, 2000);
    private static final LockOwner NFS_OPEN = new LockOwner(new LockClient("nfs4", 7), Bytes.EMPTY);

    private final MemoryVolume volume = new MemoryVolume();
    private final Shell other = volume.shell();
    private final MountCalls calls = new MountCalls(volume.shared(), Blocking.UNNOTICED, KernelPages.NONE);

    @AfterEach
    void close() {
        calls.close();
        volume.close();
    }

    private static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }

    private interface Call {
        void run() throws Refusal;
    }

    private static int errno(Call call) {
        return catchThrowableOfType(Refusal.class, call::run).errno();
    }

    private CreatedFile create(Caller who, String file, int mode, int flags) throws Refusal {
        return calls.files().create(who, ROOT, name(file), mode, flags);
    }

    private int write(long file, long offset, String text) throws Refusal {
        return calls.files().write(Caller.ROOT, file, offset, ByteBuffer.wrap(name(text)), false);
    }

    private String read(long file, long offset, int length) throws Refusal {
        ReadResult result = calls.files().read(Caller.ROOT, file, offset, length);
        ByteBuffer all = ByteBuffer.allocate(result.length());
        result.pieces().forEach(all::put);
        return new String(all.array(), UTF_8);
    }

    private Attributes stat(long inode) throws Refusal {
        return calls.attributes().getattr(Caller.ROOT, inode);
    }

    @Test
    void allNamesOfAnInodeAreOneInodeToTheKernel() throws Exception {
        long file = create(Caller.ROOT, "a", 0644, O_RDWR).entry().inode();
        Entry linked = calls.names().link(Caller.ROOT, file, ROOT, name("b"));
        assertThat(linked.inode()).isEqualTo(file);
        assertThat(linked.attributes().nlink()).isEqualTo(2);
        assertThat(calls.names().lookup(Caller.ROOT, ROOT, name("b")).inode()).isEqualTo(file);
    }

    @Test
    void forgetsAnInodeWhenTheKernelHasForgottenEachTimeThatItWasTold() throws Exception {
        other.touch("/a", 0644);
        long inode = calls.names().lookup(Caller.ROOT, ROOT, name("a")).inode();
        calls.names().lookup(Caller.ROOT, ROOT, name("a"));
        calls.names().forget(inode, 1);
        assertThat(stat(inode).size()).isZero();
        calls.names().forget(inode, 1);
        assertThat(errno(() -> stat(inode))).isEqualTo(Errno.ESTALE.number());
        assertThat(calls.knownInodes()).isEqualTo(1);
        assertThat(calls.names().lookup(Caller.ROOT, ROOT, name("a")).inode()).isNotEqualTo(inode);
    }

    @Test
    void theRootIsNeverForgotten() throws Exception {
        calls.names().forget(ROOT, 100);
        assertThat(stat(ROOT).type()).isEqualTo(FileType.DIRECTORY);
    }

    @Test
    void namesAreBytes() throws Exception {
        byte[] latin = {(byte) 0xe4, (byte) 0xff, 'x'};
        calls.names().mkdir(Caller.ROOT, ROOT, latin, 0755);
        List<byte[]> listed = new ArrayList<>();
        Opened directory = calls.directories().opendir(Caller.ROOT, ROOT);
        calls.directories()
                .readdir(Caller.ROOT, directory.number(), 2, 4096, (name, id, type, next) -> listed.add(name));
        assertThat(listed).containsExactly(latin);
        assertThat(calls.names().lookup(Caller.ROOT, ROOT, latin).attributes().type())
                .isEqualTo(FileType.DIRECTORY);
    }

    @Test
    void refusesWithTheErrnoOfTheFileSystem() throws Exception {
        create(Caller.ROOT, "a", 0644, O_RDWR);
        calls.names().mkdir(Caller.ROOT, ROOT, name("d"), 0700);
        assertThat(errno(() -> calls.names().lookup(Caller.ROOT, ROOT, name("none"))))
                .isEqualTo(Errno.ENOENT.number());
        assertThat(errno(() -> calls.names().mkdir(Caller.ROOT, ROOT, name("a"), 0755)))
                .isEqualTo(Errno.EEXIST.number());
        assertThat(errno(() -> calls.names().remove(Caller.ROOT, ROOT, name("a"), RemoveKind.DIRECTORY)))
                .isEqualTo(Errno.ENOTDIR.number());
        assertThat(errno(() -> calls.names().remove(Caller.ROOT, ROOT, name("d"), RemoveKind.NON_DIRECTORY)))
                .isEqualTo(Errno.EISDIR.number());
        assertThat(errno(() -> calls.names().mkdir(Caller.ROOT, ROOT, name("x".repeat(256)), 0755)))
                .isEqualTo(Errno.ENAMETOOLONG.number());
        assertThat(errno(() -> calls.names().mkdir(USER, ROOT, name("u"), 0755)))
                .isEqualTo(Errno.EACCES.number());
        assertThat(errno(() -> create(Caller.ROOT, "a", 0644, O_RDWR | O_EXCL))).isEqualTo(Errno.EEXIST.number());
        assertThat(errno(() -> calls.names().mknod(Caller.ROOT, ROOT, name("n"), 0030644, 0)))
                .isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void makesDevicesOfTheKernelsNumbers() throws Exception {
        int encoded = NameCalls.encode(new DeviceNumber(259, 70_000));
        Entry made = calls.names().mknod(Caller.ROOT, ROOT, name("disk"), 0060640, encoded);
        assertThat(made.attributes().device()).isEqualTo(new DeviceNumber(259, 70_000));
        assertThat(made.attributes().type()).isEqualTo(FileType.BLOCK_DEVICE);
        assertThat(made.attributes().mode()).isEqualTo(0640);
        assertThat(calls.names()
                        .mknod(Caller.ROOT, ROOT, name("plain"), 0600, 0)
                        .attributes()
                        .type())
                .isEqualTo(FileType.REGULAR);
    }

    @Test
    void readsLinksAndFollowsRenames() throws Exception {
        Entry link = calls.names().symlink(Caller.ROOT, ROOT, name("l"), name("to/nowhere"));
        assertThat(calls.names().readlink(Caller.ROOT, link.inode())).isEqualTo(name("to/nowhere"));
        long directory = calls.names().mkdir(Caller.ROOT, ROOT, name("d"), 0755).inode();
        calls.names().rename(Caller.ROOT, ROOT, name("l"), directory, name("m"));
        assertThat(calls.names().lookup(Caller.ROOT, directory, name("m")).inode())
                .isEqualTo(link.inode());
    }

    @Test
    void aFileLivesOnWhileItIsOpen() throws Exception {
        CreatedFile file = create(Caller.ROOT, "a", 0644, O_RDWR);
        write(file.opened().number(), 0, "still here");
        calls.names().remove(Caller.ROOT, ROOT, name("a"), RemoveKind.NON_DIRECTORY);
        assertThat(read(file.opened().number(), 6, 100)).isEqualTo("here");
        assertThat(stat(file.entry().inode()).nlink()).isZero();
        calls.files().release(file.opened().number());
        assertThat(errno(() -> stat(file.entry().inode()))).isEqualTo(Errno.ESTALE.number());
        assertThat(errno(() -> read(file.opened().number(), 0, 1))).isEqualTo(Refusal.EBADF);
    }

    @Test
    void whatIsOpenMayBeWrittenWhateverTheModeBecomes() throws Exception {
        other.chmod("/", 0777);
        CreatedFile file = create(USER, "a", 0, O_WRONLY);
        assertThat(calls.files().write(USER, file.opened().number(), 0, ByteBuffer.wrap(name("x")), false))
                .isEqualTo(1);
        assertThat(errno(() -> calls.files().open(USER, file.entry().inode(), O_RDONLY)))
                .isEqualTo(Errno.EACCES.number());
    }

    @Test
    void opensAsTheModeAndTheGroupsAllow() throws Exception {
        other.touch("/g", 0640);
        other.chown("/g", 0, 2000);
        long file = calls.names().lookup(USER, ROOT, name("g")).inode();
        calls.files().open(USER, file, O_RDONLY);
        assertThat(errno(() -> calls.files().open(USER, file, O_WRONLY))).isEqualTo(Errno.EACCES.number());
        assertThat(errno(() -> calls.files().open(new Caller(1000, 1000), file, O_RDONLY)))
                .isEqualTo(Errno.EACCES.number());
        assertThat(calls.attributes().access(USER, file, 4)).isTrue();
        assertThat(calls.attributes().access(USER, file, 6)).isFalse();
    }

    @Test
    void whatMayOnlyBeRunIsOpenedToRunIt() throws Exception {
        other.touch("/program", 0711);
        long file = calls.names().lookup(USER, ROOT, name("program")).inode();
        calls.files().open(USER, file, 040);
        assertThat(errno(() -> calls.files().open(USER, file, O_RDONLY))).isEqualTo(Errno.EACCES.number());
    }

    @Test
    void truncatesAsItOpens() throws Exception {
        other.touch("/a", 0666);
        other.write("/a", 0, "old");
        long file = calls.names().lookup(USER, ROOT, name("a")).inode();
        calls.files().open(USER, file, O_RDWR | O_TRUNC);
        assertThat(stat(file).size()).isZero();
    }

    @Test
    void createOpensWhatAnotherClientMadeMeanwhile() throws Exception {
        other.touch("/a", 0644);
        other.write("/a", 0, "theirs");
        CreatedFile file = create(Caller.ROOT, "a", 0600, O_RDWR);
        assertThat(file.entry().attributes().mode()).isEqualTo(0644);
        assertThat(read(file.opened().number(), 0, 10)).isEqualTo("theirs");
        assertThat(create(Caller.ROOT, "a", 0600, O_RDWR | O_TRUNC)
                        .entry()
                        .attributes()
                        .size())
                .isZero();
        assertThat(errno(() -> create(USER, "a", 0600, O_RDWR))).isEqualTo(Errno.EACCES.number());
    }

    @Test
    void aStrangersWriteTakesSetuidAwayThoughTheKernelAsksItByChmod() throws Exception {
        other.touch("/a", 06777);
        long file = calls.names().lookup(USER, ROOT, name("a")).inode();
        SetAttributes kill = SetAttributes.ofMode(0777);
        assertThat(calls.attributes()
                        .setattr(USER, file, kill, OptionalLong.empty())
                        .mode())
                .isEqualTo(0777);
        other.chmod("/a", 06777);
        Attributes truncated = calls.attributes().setattr(USER, file, kill.withSize(5L), OptionalLong.empty());
        assertThat(truncated.mode()).isEqualTo(0777);
        assertThat(truncated.size()).isEqualTo(5);
    }

    @Test
    void truncatesByAnOpenFileWithoutAskingTheMode() throws Exception {
        other.chmod("/", 0777);
        CreatedFile file = create(USER, "a", 0400, O_RDWR);
        OptionalLong open = OptionalLong.of(file.opened().number());
        SetAttributes size = SetAttributes.ofSize(10L);
        assertThat(calls.attributes()
                        .setattr(USER, file.entry().inode(), size, open)
                        .size())
                .isEqualTo(10);
        assertThat(errno(() -> calls.attributes().setattr(USER, file.entry().inode(), size, OptionalLong.empty())))
                .isEqualTo(Errno.EACCES.number());
    }

    @Test
    void setsTimes() throws Exception {
        long file = create(Caller.ROOT, "a", 0644, O_RDWR).entry().inode();
        SetAttributes times = SetAttributes.NONE.withTimes(new SetTime.At(-5), null);
        long mtime = stat(file).mtime();
        Attributes after = calls.attributes().setattr(Caller.ROOT, file, times, OptionalLong.empty());
        assertThat(after.atime()).isEqualTo(-5);
        assertThat(after.mtime()).isEqualTo(mtime);
    }

    @Test
    void allocatesPunchesAndZeroes() throws Exception {
        CreatedFile file = create(Caller.ROOT, "a", 0644, O_RDWR);
        long open = file.opened().number();
        write(open, 0, "abcdef");
        calls.files().fallocate(Caller.ROOT, open, 3, 1, 2);
        assertThat(read(open, 0, 10)).isEqualTo("a\0\0def");
        calls.files().fallocate(Caller.ROOT, open, 0, 0, 8);
        assertThat(stat(file.entry().inode()).size()).isEqualTo(8);
        calls.files().fallocate(Caller.ROOT, open, 1, 0, 100);
        calls.files().fallocate(Caller.ROOT, open, 17, 3, 100);
        assertThat(read(open, 0, 10)).isEqualTo("a\0\0\0\0\0\0\0");
        calls.files().fallocate(Caller.ROOT, open, 16, 0, 9);
        assertThat(read(open, 0, 10)).isEqualTo("\0".repeat(9));
        assertThat(errno(() -> calls.files().fallocate(Caller.ROOT, open, 8, 0, 1)))
                .isEqualTo(Refusal.EOPNOTSUPP);
    }

    @Test
    void keepsTheKernelsPagesOnlyWhileNobodyElseChangesTheFile() throws Exception {
        CreatedFile file = create(Caller.ROOT, "a", 0644, O_RDWR);
        long inode = file.entry().inode();
        write(file.opened().number(), 0, "one");
        assertThat(calls.outdated()).isEmpty();
        assertThat(calls.files().open(Caller.ROOT, inode, O_RDONLY).keepPages()).isTrue();
        other.write("/a", 0, "two");
        assertThat(calls.outdated()).containsOnly(inode);
        assertThat(calls.outdated()).isEmpty();
        other.write("/a", 0, "six");
        write(file.opened().number(), 0, "ten");
        assertThat(calls.files().open(Caller.ROOT, inode, O_RDONLY).keepPages()).isFalse();
        assertThat(calls.files().open(Caller.ROOT, inode, O_RDONLY).keepPages()).isTrue();
    }

    @Test
    void listsADirectoryInPiecesWithItselfAndItsParent() throws Exception {
        long directory = calls.names().mkdir(Caller.ROOT, ROOT, name("d"), 0755).inode();
        for (int i = 0; i < 50; i++) {
            calls.names().mkdir(Caller.ROOT, directory, name("e" + i), 0755);
        }
        Opened open = calls.directories().opendir(Caller.ROOT, directory);
        List<String> seen = new ArrayList<>();
        long[] next = {0};
        boolean more = true;
        while (more) {
            int before = seen.size();
            calls.directories().readdir(Caller.ROOT, open.number(), next[0], 4096, (name, id, type, cookie) -> {
                if (seen.size() == before + 7) {
                    return false;
                }
                seen.add(new String(name, UTF_8));
                next[0] = cookie;
                return true;
            });
            more = seen.size() > before;
        }
        assertThat(seen).startsWith(".", "..").hasSize(52);
        assertThat(seen.subList(2, 52))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> "e" + i).toList());
    }

    @Test
    void anOpenDirectoryIsListedWhateverBecomesOfIt() throws Exception {
        long directory = calls.names().mkdir(Caller.ROOT, ROOT, name("d"), 0755).inode();
        other.chown("/d", 1000, 1000);
        Opened open = calls.directories().opendir(USER, directory);
        other.chmod("/d", 0);
        List<String> seen = new ArrayList<>();
        calls.directories()
                .readdir(USER, open.number(), 0, 4096, (name, id, type, cookie) -> seen.add(new String(name, UTF_8)));
        assertThat(seen).containsExactly(".", "..");
        assertThat(errno(() -> calls.directories().opendir(USER, directory))).isEqualTo(Errno.EACCES.number());
        calls.names().remove(Caller.ROOT, ROOT, name("d"), RemoveKind.DIRECTORY);
        seen.clear();
        calls.directories()
                .readdir(USER, open.number(), 0, 4096, (name, id, type, cookie) -> seen.add(new String(name, UTF_8)));
        assertThat(seen).containsExactly(".", "..");
    }

    @Test
    void attributesHaveTheirPrefixAndTheirFlags() throws Exception {
        long file = create(Caller.ROOT, "a", 0644, O_RDWR).entry().inode();
        calls.xattrs().set(Caller.ROOT, file, name("user.k"), name("v"), 1);
        assertThat(errno(() -> calls.xattrs().set(Caller.ROOT, file, name("user.k"), name("w"), 1)))
                .isEqualTo(Errno.EEXIST.number());
        assertThat(errno(() -> calls.xattrs().set(Caller.ROOT, file, name("user.n"), name("w"), 2)))
                .isEqualTo(Errno.ENODATA.number());
        calls.xattrs().set(Caller.ROOT, file, name("user.k"), name("w"), 2);
        calls.xattrs().set(Caller.ROOT, file, name("trusted.t"), name(""), 0);
        assertThat(calls.xattrs().get(USER, file, name("user.k")).toArray()).isEqualTo(name("w"));
        assertThat(calls.xattrs().list(Caller.ROOT, file)).isEqualTo(name("trusted.t\0user.k\0"));
        assertThat(calls.xattrs().list(USER, file)).isEqualTo(name("user.k\0"));
        calls.xattrs().remove(Caller.ROOT, file, name("user.k"));
        assertThat(errno(() -> calls.xattrs().get(USER, file, name("user.k")))).isEqualTo(Errno.ENODATA.number());
        assertThat(errno(() -> calls.xattrs().get(USER, file, name("system.posix_acl_access"))))
                .isEqualTo(Errno.ENOTSUP.number());
    }

    @Test
    void syncs() throws Exception {
        CreatedFile file = create(Caller.ROOT, "a", 0644, O_RDWR);
        calls.files().fsync(Caller.ROOT, file.opened().number());
        calls.directories().fsyncdir(Caller.ROOT);
        assertThat(calls.attributes().statfs(Caller.ROOT, ROOT).totalBytes()).isPositive();
    }

    @Test
    void anOpenForWritingWaitsUntilAPromiseToAClientIsGivenBack() throws Exception {
        FileHandle handle = other.touch("/a", 0644);
        long file = calls.names().lookup(Caller.ROOT, ROOT, name("a")).inode();
        CountDownLatch broken = new CountDownLatch(1);
        volume.leases().grant(handle, 7, inode -> broken.countDown());
        var opening = Executors.newSingleThreadExecutor();
        try {
            var opened = opening.submit(() -> calls.files().open(Caller.ROOT, file, O_WRONLY));
            broken.await();
            assertThat(opened.isDone()).isFalse();
            volume.leases().release(handle, 7);
            assertThat(opened.get(60, TimeUnit.SECONDS).number()).isPositive();
        } finally {
            opening.shutdownNow();
        }
    }

    @Test
    void whoWaitsAndGetsASignalIsToldSo() throws Exception {
        FileHandle handle = other.touch("/a", 0666);
        long file = calls.names().lookup(Caller.ROOT, ROOT, name("a")).inode();
        Caller impatient = new Caller(1000, 1000);
        volume.leases().grant(handle, 7, inode -> impatient.interrupt());
        assertThat(errno(() -> calls.files().open(impatient, file, O_WRONLY))).isEqualTo(Refusal.EINTR);
        assertThat(volume.shared().shares().total()).isZero();
        volume.leases().release(handle, 7);
    }

    @Test
    void whatAClientDeniesOthersIsDeniedHere() throws Exception {
        FileHandle handle = other.touch("/a", 0644);
        long file = calls.names().lookup(Caller.ROOT, ROOT, name("a")).inode();
        volume.shared().shares().open(handle, NFS_OPEN, ShareTable.READ, ShareTable.WRITE);
        assertThat(errno(() -> calls.files().open(Caller.ROOT, file, O_WRONLY))).isEqualTo(Errno.EACCES.number());
        Opened open = calls.files().open(Caller.ROOT, file, O_RDONLY);
        assertThat(volume.shared().shares().isOpenByOthers(handle, ShareTable.READ, NFS_OPEN.client()))
                .isTrue();
        calls.files().release(open.number());
        assertThat(volume.shared().shares().isOpenByOthers(handle, ShareTable.READ, NFS_OPEN.client()))
                .isFalse();
    }

    @Test
    void givesAllBackWhenItIsClosed() throws Exception {
        CreatedFile file = create(Caller.ROOT, "a", 0644, O_RDWR);
        calls.directories().opendir(Caller.ROOT, ROOT);
        FileHandle handle = other.at("/a");
        other.unlink("/a");
        assertThat(calls.openFiles()).isEqualTo(2);
        calls.close();
        assertThat(calls.openFiles()).isZero();
        assertThat(volume.shared().shares().total()).isZero();
        OpContext op = new OpContext(Credentials.ROOT);
        assertThat(Shell.errno(() -> other.fs().getattr(op, handle))).contains(Errno.ESTALE);
        assertThat(file.opened().number()).isPositive();
    }
}
