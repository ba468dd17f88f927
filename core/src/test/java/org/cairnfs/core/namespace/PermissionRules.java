package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.fs.Errno.EACCES;
import static org.cairnfs.core.fs.Errno.EEXIST;
import static org.cairnfs.core.fs.Errno.ENOENT;
import static org.cairnfs.core.testkit.Shell.errno;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.testkit.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of who may: sticky directories, classes, mode bits. */
abstract class PermissionRules extends FileSystemRules {
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
}
