package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.fs.Errno.EACCES;
import static org.cairnfs.core.fs.Errno.EEXIST;
import static org.cairnfs.core.fs.Errno.EINVAL;
import static org.cairnfs.core.fs.Errno.EISDIR;
import static org.cairnfs.core.fs.Errno.ENOENT;
import static org.cairnfs.core.fs.Errno.ENOTDIR;
import static org.cairnfs.core.fs.Errno.ENOTEMPTY;
import static org.cairnfs.core.fs.Errno.EPERM;
import static org.cairnfs.core.fs.Errno.ESTALE;
import static org.cairnfs.core.testkit.Shell.errno;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of names: rename, creation, removal, links, handles. */
abstract class NameRules extends FileSystemRules {
    private static final long SECOND = 1_000_000_000L;

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
}
