package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.fs.Errno.EACCES;
import static org.cairnfs.core.fs.Errno.EEXIST;
import static org.cairnfs.core.fs.Errno.EISDIR;
import static org.cairnfs.core.fs.Errno.ENODATA;
import static org.cairnfs.core.fs.Errno.ENOSPC;
import static org.cairnfs.core.fs.Errno.ENOTSUP;
import static org.cairnfs.core.fs.Errno.ENOTSYNC;
import static org.cairnfs.core.fs.Errno.EPERM;
import static org.cairnfs.core.fs.Errno.ESTALE;
import static org.cairnfs.core.testkit.Shell.errno;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of what belongs to an inode: owners, times, contents, extended attributes. */
abstract class AttributeRules extends FileSystemRules {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;

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
    void aReadTellsWhatTheFileIsLike() throws FsException {
        FileHandle file = root.touch("/file", 0604);
        root.write("/file", 0, "hello");
        Attributes before = root.stat("/file");
        ReadWithAttributes read =
                root.as(1000, 100).fs().readWithAttributes(root.as(1000, 100).op(), file, 1, 3);
        assertThat(read.before()).isEqualTo(before);
        assertThat(read.read().length()).isEqualTo(3);
        assertThat(read.read().end()).isFalse();
        root.chmod("/file", 0600);
        assertThat(errno(() -> root.fs().readWithAttributes(root.as(1000, 100).op(), file, 1, 3)))
                .contains(EACCES);
    }

    @Test
    void aChangeThatIsForAnEarlierStateIsNotMade() throws FsException {
        FileHandle file = root.touch("/file", 0644);
        Attributes before = root.stat("/file");
        OpContext late = root.op();
        late.requireCtime(before.ctime() - 1);
        assertThat(errno(() -> root.fs().setattr(late, file, SetAttributes.ofMode(0600))))
                .contains(ENOTSYNC);
        assertThat(root.stat("/file")).isEqualTo(before);
        OpContext inTime = root.op();
        inTime.requireCtime(before.ctime());
        assertThat(root.fs().setattr(inTime, file, SetAttributes.ofMode(0600)).mode())
                .isEqualTo(0600);
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
}
