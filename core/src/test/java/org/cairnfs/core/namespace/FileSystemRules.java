package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.fs.Errno.EACCES;
import static org.cairnfs.core.fs.Errno.EEXIST;
import static org.cairnfs.core.fs.Errno.EINVAL;
import static org.cairnfs.core.fs.Errno.EISDIR;
import static org.cairnfs.core.fs.Errno.ENODATA;
import static org.cairnfs.core.fs.Errno.ENOENT;
import static org.cairnfs.core.fs.Errno.ENOSPC;
import static org.cairnfs.core.fs.Errno.ENOTDIR;
import static org.cairnfs.core.fs.Errno.ENOTEMPTY;
import static org.cairnfs.core.fs.Errno.ENOTSUP;
import static org.cairnfs.core.fs.Errno.EPERM;
import static org.cairnfs.core.fs.Errno.ESTALE;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules of POSIX (and of Linux, where it chooses), as a person would write them down; the reference model and the verbs
 * are each held to them, so that both being wrong in the same way is noticed too.
 */
abstract class FileSystemRules {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;

    private final FakeClock clock = new FakeClock();
    private FileSystem fs;
    private Shell root;
    private Shell alice;
    private Shell bob;

    /** An empty file system with a root of mode 0755 that belongs to 0:0, grace over. */
    abstract FileSystem make(FakeClock clock);

    @BeforeEach
    void setUp() {
        fs = make(clock);
        root = new Shell(fs);
        alice = root.as(1000, 100, 500);
        bob = root.as(1001, 100);
    }

    // ---- rename

    /**
     * The tree of the table.
     *
     * <pre>
     * /file /other          regular; /twin is one more name of /file
     * /empty/ /full/inner/  directories; /full/inner/deep/ too
     * </pre>
     */
    private void plant() throws FsException {
        root.touch("/file", 0644);
        root.link("/file", "/twin");
        root.touch("/other", 0644);
        root.mkdir("/empty", 0755);
        root.mkdir("/full", 0755);
        root.mkdir("/full/inner", 0755);
        root.mkdir("/full/inner/deep", 0755);
    }

    @ParameterizedTest
    @CsvSource({
        "/file,            /new,                 ",
        "/file,            /other,               ",
        "/file,            /file,                ",
        "/file,            /twin,                ",
        "/file,            /empty,               EISDIR",
        "/file,            /full,                EISDIR",
        "/file,            /empty/file,          ",
        "/empty,           /new,                 ",
        "/empty,           /file,                ENOTDIR",
        "/empty,           /full,                ENOTEMPTY",
        "/full,            /empty,               ",
        "/full,            /full,                ",
        "/full,            /full/x,              EINVAL",
        "/full,            /full/inner,          EINVAL",
        "/full,            /full/inner/deep/x,   EINVAL",
        "/full/inner,      /full,                ENOTEMPTY",
        "/full/inner/deep, /full,                ENOTEMPTY",
        "/full/inner/deep, /full/deep,           ",
        "/full/inner,      /inner,               ",
        "/none,            /new,                 ENOENT",
        "/file,            /none/x,              ENOENT",
        "/file,            /other/x,             ENOTDIR",
    })
    void renameReplaces(String from, String to, Errno expected) throws FsException {
        plant();
        assertThat(errno(() -> root.rename(from, to))).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "/file,       /new,             NO_REPLACE, ",
        "/file,       /twin,            NO_REPLACE, EEXIST",
        "/file,       /file,            NO_REPLACE, EEXIST",
        "/file,       /other,           NO_REPLACE, EEXIST",
        "/file,       /new,             EXCHANGE,   ENOENT",
        "/file,       /full,            EXCHANGE,   ",
        "/full,       /file,            EXCHANGE,   ",
        "/full,       /empty,           EXCHANGE,   ",
        "/full/inner, /file,            EXCHANGE,   ",
        "/full,       /full/inner,      EXCHANGE,   EINVAL",
        "/full/inner, /full,            EXCHANGE,   EINVAL",
    })
    void renameFlags(String from, String to, RenameFlag flag, Errno expected) throws FsException {
        plant();
        assertThat(errno(() -> root.rename(from, to, flag))).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void renameToAnotherNameOfTheSameInodeLeavesBoth() throws FsException {
        plant();
        Attributes before = root.stat("/");
        clock.advance(SECOND);
        root.rename("/file", "/twin");
        assertThat(root.stat("/")).isEqualTo(before);
        assertThat(root.ls("/")).contains("file", "twin");
    }

    @Test
    void renameMovesLinkCountsAndParents() throws FsException {
        plant();
        root.rename("/full/inner", "/empty/inner");
        assertThat(root.stat("/full").nlink()).isEqualTo(2);
        assertThat(root.stat("/empty").nlink()).isEqualTo(3);
        assertThat(fs.lookupParent(root.op(), root.at("/empty/inner")).handle()).isEqualTo(root.at("/empty"));
        root.rename("/empty/inner", "/file", RenameFlag.EXCHANGE);
        assertThat(root.stat("/empty").nlink()).isEqualTo(2);
        assertThat(root.stat("/").nlink()).isEqualTo(5);
        assertThat(root.stat("/empty/inner").type()).isEqualTo(FileType.REGULAR);
        assertThat(fs.lookupParent(root.op(), root.at("/file")).handle()).isEqualTo(root.at("/"));
    }

    @Test
    void renameOverANameTakesOneLinkFromWhatWasThere() throws FsException {
        plant();
        root.rename("/other", "/twin");
        assertThat(root.stat("/file").nlink()).isEqualTo(1);
        FileHandle file = root.at("/file");
        root.rename("/twin", "/file");
        assertThat(errno(() -> fs.getattr(root.op(), file))).contains(ESTALE);
    }

    @Test
    void aDirectoryThatChangesItsParentMustBeWritable() throws FsException {
        root.mkdir("/a", 0777);
        root.mkdir("/b", 0777);
        root.mkdir("/a/roots", 0755);
        assertThat(errno(() -> alice.rename("/a/roots", "/b/roots"))).contains(EACCES);
        alice.rename("/a/roots", "/a/renamed");
        root.touch("/a/file", 0600);
        alice.rename("/a/file", "/b/file");
    }

    // ---- sticky directories

    @ParameterizedTest
    @CsvSource({
        // who, owner of the directory, owner of the file
        "1000, 0,    1000, ",
        "1000, 1000, 0,    ",
        "1000, 0,    1001, EPERM",
        "0,    1000, 1001, ",
    })
    void stickyDirectoriesProtectNames(int who, int directoryOwner, int fileOwner, Errno expected) throws FsException {
        root.mkdir("/tmp", 01777);
        root.chown("/tmp", directoryOwner, null);
        root.mkdir("/out", 0777);
        Shell caller = root.as(who, 100);
        for (String name : List.of("/tmp/removed", "/tmp/renamed", "/tmp/replaced")) {
            root.touch(name, 0666);
            root.chown(name, fileOwner, null);
        }
        caller.touch("/out/own", 0666);
        assertThat(errno(() -> caller.unlink("/tmp/removed"))).isEqualTo(Optional.ofNullable(expected));
        assertThat(errno(() -> caller.rename("/tmp/renamed", "/out/x"))).isEqualTo(Optional.ofNullable(expected));
        assertThat(errno(() -> caller.rename("/out/own", "/tmp/replaced"))).isEqualTo(Optional.ofNullable(expected));
    }

    // ---- permission classes

    @ParameterizedTest
    @CsvSource({
        // octal mode, uid, gid, granted access bits
        "0700, 1000, 9,   7",
        "0077, 1000, 100, 0", // the owner's class decides alone
        "0070, 1001, 100, 7",
        "0707, 1001, 100, 0",
        "0007, 1001, 9,   7",
        "0000, 0,    0,   6", // root executes only what somebody may
        "0001, 0,    0,   7",
    })
    void theFirstClassThatFitsDecides(String mode, int uid, int gid, int granted) throws FsException {
        root.mkdir("/open", 0777);
        FileHandle file = alice.touch("/open/file", Integer.parseInt(mode, 8));
        Shell caller = root.as(uid, gid);
        assertThat(fs.access(caller.op(), file, 7)).isEqualTo(granted);
    }

    @Test
    void supplementaryGroupsCount() throws FsException {
        root.touch("/file", 0040);
        root.chown("/file", null, 500);
        assertThat(fs.access(alice.op(), root.at("/file"), 7)).isEqualTo(Access.READ);
        assertThat(fs.access(bob.op(), root.at("/file"), 7)).isZero();
    }

    @Test
    void rootSearchesEveryDirectory() throws FsException {
        root.mkdir("/closed", 0);
        root.touch("/closed/file", 0);
        root.stat("/closed/file");
        assertThat(errno(() -> alice.stat("/closed/file"))).contains(EACCES);
        assertThat(errno(() -> alice.ls("/closed"))).contains(EACCES);
    }

    @Test
    void whatExistsIsToldBeforeWhatIsForbidden() throws FsException {
        root.mkdir("/readable", 0755);
        root.touch("/readable/there", 0644);
        assertThat(errno(() -> alice.touch("/readable/there", 0644))).contains(EEXIST);
        assertThat(errno(() -> alice.touch("/readable/new", 0644))).contains(EACCES);
        assertThat(errno(() -> alice.unlink("/readable/none"))).contains(ENOENT);
        assertThat(errno(() -> alice.unlink("/readable/there"))).contains(EACCES);
    }

    @Test
    void anOwnerWritesWithoutPermissionAsIfTheFileWereOpen() throws FsException {
        root.mkdir("/open", 0777);
        alice.touch("/open/file", 0);
        alice.write("/open/file", 0, "mine");
        assertThat(alice.read("/open/file")).isEqualTo("mine");
        assertThat(errno(() -> bob.write("/open/file", 0, "not mine"))).contains(EACCES);
        assertThat(errno(() -> alice.set("/open/file", SetAttributes.ofSize(0))))
                .contains(EACCES);
        fs.setattrOpen(alice.op(), alice.at("/open/file"), SetAttributes.ofSize(0));
    }

    // ---- mode bits

    @Test
    void setgidDirectoriesPassTheirGroupOn() throws FsException {
        root.mkdir("/shared", 02777);
        root.chown("/shared", null, 700);
        root.chmod("/shared", 02777);
        alice.touch("/shared/file", 0644);
        alice.mkdir("/shared/sub", 0755);
        alice.touch("/shared/lending", 02755);
        root.as(1000, 700).touch("/shared/member", 02755);
        assertThat(alice.stat("/shared/file").gid()).isEqualTo(700);
        assertThat(alice.stat("/shared/sub").gid()).isEqualTo(700);
        assertThat(alice.stat("/shared/sub").mode()).isEqualTo(02755);
        assertThat(alice.stat("/shared/lending").mode()).isEqualTo(0755);
        assertThat(alice.stat("/shared/member").mode()).isEqualTo(02755);
    }

    @ParameterizedTest
    @CsvSource({
        // mode before, caller, change, mode after
        "6755, 1000, write,    0755",
        "6755, 0,    write,    6755",
        "6755, 1000, truncate, 0755",
        "6755, 0,    truncate, 6755",
        "6755, 1000, chgrp,    0755",
        "6755, 0,    chgrp,    0755",
        "2644, 1000, write,    2644", // no group execute, and a member
        "4644, 1000, write,    0644",
        "2644, 1001, write,    0644", // not a member
        "6755, 1000, punch,    0755",
        "6755, 1000, grow,     0755",
    })
    void changesOfContentsAndOwnersTakePrivilegesAway(String before, int uid, String change, String after)
            throws FsException {
        root.touch("/file", 0644);
        root.write("/file", 0, "something");
        root.chown("/file", uid, 100);
        root.chmod("/file", Integer.parseInt(before, 8));
        Shell caller = root.as(uid, uid == 1001 ? 9 : 100, 500);
        FileHandle file = root.at("/file");
        switch (change) {
            case "write" -> caller.write("/file", 0, "x");
            case "truncate" -> caller.set("/file", SetAttributes.ofSize(1));
            case "chgrp" -> caller.chown("/file", null, 500);
            case "punch" -> fs.deallocate(caller.op(), file, 0, 2);
            default -> fs.allocate(caller.op(), file, 0, 99);
        }
        assertThat(root.stat("/file").mode()).isEqualTo(Integer.parseInt(after, 8));
    }

    @Test
    void directoriesKeepTheirBitsWhenTheyAreGivenAway() throws FsException {
        root.mkdir("/shared", 02755);
        assertThat(root.chown("/shared", 1000, 100).mode()).isEqualTo(02755);
    }

    @Test
    void chmodByAnOutsiderOfTheGroupDropsSetgid() throws FsException {
        root.touch("/file", 0644);
        root.chown("/file", 1000, 777);
        assertThat(alice.chmod("/file", 06755).mode()).isEqualTo(04755);
        assertThat(root.chmod("/file", 06755).mode()).isEqualTo(06755);
    }

    @Test
    void symbolicLinksKeepTheirMode() throws FsException {
        root.symlink("/link", "target");
        assertThat(root.chmod("/link", 0600).mode()).isEqualTo(0777);
    }

    // ---- owners and times

    @ParameterizedTest
    @CsvSource({
        // caller, new uid, new gid; the file is 1000:100
        "1000, 1000, ,    ",
        "1000, 1001, ,    EPERM",
        "1000, ,     500, ",
        "1000, ,     100, ",
        "1000, ,     501, EPERM",
        "1001, ,     100, EPERM",
        "1001, 1000, ,    EPERM",
        "0,    7,    8,   ",
    })
    void whoGivesAway(int who, Integer uid, Integer gid, Errno expected) throws FsException {
        root.touch("/file", 0644);
        root.chown("/file", 1000, 100);
        assertThat(errno(() -> root.as(who, 100, 500).chown("/file", uid, gid)))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void timesAreTheOwnersButNowIsTheWritersToo() throws FsException {
        root.touch("/file", 0666);
        root.touch("/closed", 0644);
        SetAttributes now = SetAttributes.NONE.withTimes(SetTime.NOW, SetTime.NOW);
        SetAttributes given = SetAttributes.NONE.withTimes(null, new SetTime.At(-5));
        alice.set("/file", now);
        assertThat(errno(() -> alice.set("/closed", now))).contains(EACCES);
        assertThat(errno(() -> alice.set("/file", given))).contains(EPERM);
        assertThat(root.set("/file", given).mtime()).isEqualTo(-5);
    }

    @Test
    void whatChangesWhichTime() throws FsException {
        root.touch("/file", 0644);
        Attributes made = root.stat("/file");
        assertThat(List.of(made.atime(), made.mtime(), made.ctime(), made.btime()))
                .containsOnly(clock.getAsLong());

        clock.advance(SECOND);
        Attributes chmod = root.chmod("/file", 0600);
        assertThat(chmod.ctime()).isEqualTo(clock.getAsLong());
        assertThat(chmod.mtime()).isEqualTo(made.mtime());
        assertThat(chmod.change()).isGreaterThan(made.change());

        clock.advance(SECOND);
        Attributes written = root.write("/file", 0, "x");
        assertThat(List.of(written.mtime(), written.ctime())).containsOnly(clock.getAsLong());

        clock.advance(SECOND);
        assertThat(root.write("/file", 0, "")).isEqualTo(written);

        root.link("/file", "/name");
        assertThat(root.stat("/file").ctime()).isEqualTo(clock.getAsLong());
        assertThat(root.stat("/file").mtime()).isEqualTo(written.mtime());
        assertThat(root.stat("/").mtime()).isEqualTo(clock.getAsLong());

        clock.advance(SECOND);
        root.unlink("/name");
        assertThat(root.stat("/file").ctime()).isEqualTo(clock.getAsLong());
        assertThat(root.set("/file", SetAttributes.NONE).ctime()).isEqualTo(clock.getAsLong());
        clock.advance(SECOND);
        assertThat(root.set("/file", SetAttributes.NONE).ctime()).isLessThan(clock.getAsLong());
    }

    @Test
    void readsNoteTheirTimeOnceUntilSomethingChangesOrADayIsOver() throws FsException {
        root.touch("/file", 0644);
        root.write("/file", 0, "x");
        clock.advance(SECOND);
        root.read("/file");
        long first = clock.getAsLong();
        assertThat(root.stat("/file").atime()).isEqualTo(first);
        clock.advance(SECOND);
        root.read("/file");
        assertThat(root.stat("/file").atime()).isEqualTo(first);
        clock.advance(DAY);
        root.read("/file");
        assertThat(root.stat("/file").atime()).isEqualTo(clock.getAsLong());
    }

    // ---- creation

    @Test
    void devicesAreMadeByRootOnly() throws FsException {
        root.mkdir("/open", 0777);
        DeviceNumber number = new DeviceNumber(8, 1);
        CreateRequest device =
                new CreateRequest(FileType.BLOCK_DEVICE, SetAttributes.ofMode(0600), number, null, null, false);
        assertThat(errno(() -> alice.create("/open/sda1", device))).contains(EPERM);
        root.create("/open/sda1", device);
        assertThat(root.stat("/open/sda1").device()).isEqualTo(number);
        CreateRequest fifo =
                new CreateRequest(FileType.FIFO, SetAttributes.ofMode(0600), DeviceNumber.NONE, null, null, false);
        alice.create("/open/fifo", fifo);
        alice.link("/open/fifo", "/open/fifo2");
        assertThat(alice.stat("/open/fifo").nlink()).isEqualTo(2);
    }

    @Test
    void exclusiveAndUncheckedCreates() throws FsException {
        CreateRequest exclusive = CreateRequest.file(0644).exclusive(42);
        FileHandle made = root.create("/file", exclusive);
        assertThat(root.create("/file", exclusive)).isEqualTo(made);
        assertThat(errno(() -> root.create("/file", CreateRequest.file(0644).exclusive(43))))
                .contains(EEXIST);
        assertThat(root.create("/file", CreateRequest.file(0600).unchecked())).isEqualTo(made);
        assertThat(root.stat("/file").mode()).isEqualTo(0644);
        assertThat(errno(() -> root.touch("/file", 0644))).contains(EEXIST);
        root.mkdir("/dir", 0755);
        root.symlink("/link", "x");
        assertThat(errno(() -> root.create("/dir", CreateRequest.file(0644).unchecked())))
                .contains(EISDIR);
        assertThat(errno(() -> root.create("/link", CreateRequest.file(0644).unchecked())))
                .contains(EEXIST);
    }

    @Test
    void namesAndTargetsHaveLimits() throws FsException {
        root.touch("/" + "n".repeat(255), 0644);
        assertThat(errno(() -> root.touch("/" + "n".repeat(256), 0644))).contains(Errno.ENAMETOOLONG);
        root.symlink("/longest", "t".repeat(4095));
        assertThat(fs.readlink(root.op(), root.at("/longest")).length()).isEqualTo(4095);
        assertThat(errno(() -> root.symlink("/longer", "t".repeat(4096)))).contains(Errno.ENAMETOOLONG);
        assertThat(errno(() -> root.symlink("/nothing", ""))).contains(EINVAL);
        assertThat(errno(() -> fs.readlink(root.op(), root.at("/")))).contains(EINVAL);
    }

    // ---- removal

    @Test
    void whatRemovalHits() throws FsException {
        plant();
        assertThat(errno(() -> root.unlink("/empty"))).contains(EISDIR);
        assertThat(errno(() -> root.rmdir("/file"))).contains(ENOTDIR);
        assertThat(errno(() -> root.rmdir("/full"))).contains(ENOTEMPTY);
        FileHandle empty = root.at("/empty");
        root.rmdir("/empty");
        assertThat(errno(() -> fs.getattr(root.op(), empty))).contains(ESTALE);
        assertThat(root.stat("/").nlink()).isEqualTo(3);
        root.unlink("/file");
        assertThat(root.stat("/twin").nlink()).isEqualTo(1);
    }

    @Test
    void linksToDirectoriesAreRefused() throws FsException {
        plant();
        assertThat(errno(() -> root.link("/empty", "/again"))).contains(EPERM);
        root.symlink("/link", "x");
        root.link("/link", "/link2");
        assertThat(root.stat("/link2").nlink()).isEqualTo(2);
    }

    @Test
    void anOpenFileOutlivesItsNames() throws FsException {
        FileHandle file = root.touch("/file", 0644);
        root.write("/file", 0, "still here");
        fs.pin(file);
        fs.pin(file);
        root.unlink("/file");
        fs.unpin(file);
        assertThat(fs.getattr(root.op(), file).nlink()).isZero();
        assertThat(fs.read(root.op(), file, 0, 99).length()).isEqualTo(10);
        assertThat(errno(() -> fs.link(root.op(), file, fs.root(), Name.of("back"))))
                .contains(ENOENT);
        fs.unpin(file);
        assertThat(errno(() -> fs.getattr(root.op(), file))).contains(ESTALE);
        assertThat(errno(() -> fs.pin(file))).contains(ESTALE);
    }

    @Test
    void aRemovedDirectoryThatIsOpenTakesNoNames() throws FsException {
        FileHandle directory = root.mkdir("/dir", 0777);
        fs.pin(directory);
        root.rmdir("/dir");
        assertThat(errno(() -> fs.create(root.op(), directory, Name.of("x"), CreateRequest.file(0644))))
                .contains(ENOENT);
        assertThat(errno(() -> fs.lookupParent(root.op(), directory))).contains(ENOENT);
        assertThat(fs.readdir(root.op(), directory, 0, 10, true).entries()).isEmpty();
        fs.unpin(directory);
        assertThat(errno(() -> fs.getattr(root.op(), directory))).contains(ESTALE);
    }

    // ---- contents

    @Test
    void whatIsCutOffReadsAsZerosWhenTheFileGrowsAgain() throws FsException {
        root.touch("/file", 0644);
        root.write("/file", 0, "0123456789");
        root.set("/file", SetAttributes.ofSize(4));
        root.set("/file", SetAttributes.ofSize(8));
        assertThat(root.read("/file")).isEqualTo("0123\0\0\0\0");
        assertThat(root.stat("/file").used()).isEqualTo(4);
        assertThat(errno(() -> root.set("/", SetAttributes.ofSize(0)))).contains(EISDIR);
    }

    @Test
    void holesAreFound() throws FsException {
        FileHandle file = root.touch("/file", 0644);
        root.write("/file", 10_000, "data");
        fs.allocate(root.op(), file, 0, 20_000);
        assertThat(fs.seek(root.op(), file, 0, true)).hasValue(10_000);
        assertThat(fs.seek(root.op(), file, 10_001, false)).hasValue(10_004);
        assertThat(fs.seek(root.op(), file, 10_004, true)).isEmpty();
        assertThat(errno(() -> fs.seek(root.op(), file, 20_000, true))).contains(Errno.ENXIO);
        fs.deallocate(root.op(), file, 10_001, Long.MAX_VALUE);
        assertThat(root.stat("/file").size()).isEqualTo(20_000);
        assertThat(root.stat("/file").used()).isEqualTo(1);
    }

    // ---- extended attributes

    @Test
    void prefixesSayWhoMay() throws FsException {
        root.touch("/file", 0644);
        root.symlink("/link", "x");
        Bytes value = Bytes.copyOf(new byte[] {1});
        FileHandle file = root.at("/file");
        fs.setXattr(root.op(), file, Name.of("trusted.t"), value, XattrFlag.EITHER);
        fs.setXattr(root.op(), file, Name.of("security.s"), value, XattrFlag.EITHER);
        fs.setXattr(root.op(), file, Name.of("user.u"), value, XattrFlag.CREATE);
        assertThat(fs.listXattrs(root.op(), file)).hasSize(3);
        assertThat(fs.listXattrs(alice.op(), file)).hasSize(2);
        assertThat(errno(() -> fs.getXattr(alice.op(), file, Name.of("trusted.t"))))
                .contains(ENODATA);
        assertThat(fs.getXattr(alice.op(), file, Name.of("security.s"))).isEqualTo(value);
        assertThat(errno(() -> fs.removeXattr(alice.op(), file, Name.of("security.s"))))
                .contains(EPERM);
        assertThat(errno(() -> fs.setXattr(alice.op(), file, Name.of("user.u"), value, XattrFlag.EITHER)))
                .contains(EACCES);
        assertThat(errno(() -> fs.setXattr(root.op(), file, Name.of("user.u"), value, XattrFlag.CREATE)))
                .contains(EEXIST);
        assertThat(errno(() -> fs.setXattr(root.op(), file, Name.of("other"), value, XattrFlag.EITHER)))
                .contains(ENOTSUP);
        assertThat(errno(() -> fs.setXattr(root.op(), root.at("/link"), Name.of("user.u"), value, XattrFlag.EITHER)))
                .contains(EPERM);
    }

    @Test
    void attributeNamesAndValuesHaveLimits() throws FsException {
        FileHandle file = root.touch("/file", 0644);
        Bytes largest = Bytes.copyOf(new byte[FileSystem.MAX_XATTR_BYTES]);
        fs.setXattr(root.op(), file, Name.of("user.large"), largest, XattrFlag.EITHER);
        assertThat(errno(() -> fs.setXattr(
                        root.op(),
                        file,
                        Name.of("user.larger"),
                        Bytes.copyOf(new byte[FileSystem.MAX_XATTR_BYTES + 1]),
                        XattrFlag.EITHER)))
                .contains(Errno.E2BIG);
        int names = 0;
        String stem = "user." + "n".repeat(246);
        Optional<Errno> refused = Optional.empty();
        while (refused.isEmpty()) {
            Name name = Name.of(stem + (1000 + names++));
            refused = errno(() -> fs.setXattr(root.op(), file, name, Bytes.EMPTY, XattrFlag.EITHER));
        }
        assertThat(refused).contains(ENOSPC);
        assertThat(names).isEqualTo(65_536 / 256);
        root.unlink("/file");
        assertThat(errno(() -> fs.getattr(root.op(), file))).contains(ESTALE);
    }

    // ---- handles

    @Test
    void handlesOfOthersAreStale() throws FsException {
        FileHandle file = root.touch("/file", 0644);
        List<FileHandle> strangers = List.of(
                new FileHandle(new UUID(1, 2), file.inode(), file.generation(), 0),
                new FileHandle(file.fileSystem(), file.inode(), file.generation() + 1, 0),
                new FileHandle(file.fileSystem(), file.inode() + 1000, file.generation(), 0),
                new FileHandle(file.fileSystem(), file.inode(), file.generation(), 5));
        for (FileHandle stranger : strangers) {
            assertThat(errno(() -> fs.getattr(root.op(), stranger))).contains(ESTALE);
            assertThat(errno(() -> fs.setattr(root.op(), stranger, SetAttributes.ofMode(0))))
                    .contains(ESTALE);
        }
        Node found = fs.lookup(root.op(), fs.root(), Name.of("file"));
        assertThat(found.handle()).isEqualTo(file);
        assertThat(fs.pathOf(file)).contains("/file");
        assertThat(fs.pathOf(fs.root())).contains("/");
    }

    // ---- what was before a change

    @Test
    void writesAndAttributesTellWhatWasBefore() throws FsException {
        root.touch("/file", 0644);
        FileHandle file = root.at("/file");
        OpContext op = root.op();
        assertThat(op.prior()).isEmpty();
        PriorAttributes made = PriorAttributes.of(root.stat("/file"));
        clock.advance(SECOND);
        fs.write(op, file, 0, ByteBuffer.wrap(new byte[3]));
        assertThat(op.prior()).contains(made);
        PriorAttributes written = PriorAttributes.of(root.stat("/file"));
        clock.advance(SECOND);
        fs.setattr(op, file, SetAttributes.ofSize(1));
        assertThat(op.prior()).contains(written).isNotEqualTo(Optional.of(made));
        OpContext refused = alice.op();
        assertThat(errno(() -> fs.setattr(refused, file, SetAttributes.ofMode(0))))
                .contains(EPERM);
        assertThat(refused.prior()).isEmpty();
        OpContext directory = root.op();
        PriorAttributes top = PriorAttributes.of(root.stat("/"));
        fs.setattr(directory, root.at("/"), SetAttributes.ofMode(0700));
        assertThat(directory.prior()).contains(top);
    }
}
