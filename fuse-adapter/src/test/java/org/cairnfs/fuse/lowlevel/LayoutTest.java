package org.cairnfs.fuse.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.fuse.call.Entry;
import org.cairnfs.fuse.call.LockCalls.InTheWay;
import org.cairnfs.fuse.call.Opened;
import org.junit.jupiter.api.Test;

/** Structures in native memory, as fuse_lowlevel.h and libc have them on 64-bit Linux. */
class LayoutTest {
    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final int ALL_BITS = 0x3f;

    private final Layout layout = new Layout();
    private final Scratch scratch = new Scratch(4096);

    private static Attributes attributes(long atime, long mtime) {
        return new Attributes(
                77, 1, FileType.REGULAR, 04751, -2, 1000, 3, 1L << 40, 513, DeviceNumber.NONE, atime, mtime, 5, 6, 7);
    }

    @Property(tries = 200)
    void whatIsWrittenAsStatIsReadAsTheSame(@ForAll long atime, @ForAll long mtime) {
        layout.putStat(scratch.structure(), attributes(atime, mtime));
        SetAttributes read = layout.wanted(scratch.structure(), ALL_BITS);
        assertThat(read)
                .isEqualTo(new SetAttributes(04751, -2, 1000, 1L << 40, new SetTime.At(atime), new SetTime.At(mtime)));
    }

    @Test
    void buffersAreOnePieceOfMemory() {
        layout.putBuffers(scratch.structure(), 0x1234_5678_9abcL, 77);
        assertThat(MEMORY.getLong(scratch.structure())).isEqualTo(1);
        assertThat(MEMORY.getLong(scratch.structure() + 24)).isEqualTo(77);
        assertThat(MEMORY.getInt(scratch.structure() + 32)).isZero(); // Not a file descriptor.
        assertThat(MEMORY.getLong(scratch.structure() + 40)).isEqualTo(0x1234_5678_9abcL);
    }

    @Test
    void onlyWhatIsMarkedIsWanted() {
        layout.putStat(scratch.structure(), attributes(1, 2));
        assertThat(layout.wanted(scratch.structure(), 0)).isEqualTo(SetAttributes.NONE);
        assertThat(layout.wanted(scratch.structure(), 1 << 7 | 1 << 4 | 1 << 5))
                .isEqualTo(SetAttributes.NONE.withTimes(SetTime.NOW, new SetTime.At(2)));
    }

    @Property(tries = 200)
    void timesThatAreTooFarAwayAreTheLastOnes(
            @ForAll long seconds, @ForAll @LongRange(min = 0, max = 999_999_999) long nanos) {
        long made = Layout.nanos(seconds, nanos);
        if (seconds > -9_000_000_000L && seconds < 9_000_000_000L) {
            assertThat(Math.floorDiv(made, 1_000_000_000L)).isEqualTo(seconds);
            assertThat(Math.floorMod(made, 1_000_000_000L)).isEqualTo(nanos);
        } else {
            assertThat(Long.signum(made)).isEqualTo(Long.signum(seconds));
        }
    }

    @Test
    void anEntryHasItsNumberItsAttributesAndItsTimes() {
        long at = scratch.structure();
        layout.putEntry(at, new Entry(9, attributes(1, 2)), 1.5, 2.5);
        assertThat(MEMORY.getLong(at)).isEqualTo(9);
        assertThat(MEMORY.getLong(at + 8)).isNotZero();
        assertThat(layout.wanted(at + 16, ALL_BITS).size()).isEqualTo(1L << 40);
        int size = System.getProperty("os.arch").equals("aarch64") ? 128 : 144;
        assertThat(MEMORY.getDouble(at + 16 + size)).isEqualTo(1.5);
        assertThat(MEMORY.getDouble(at + 16 + size + 8)).isEqualTo(2.5);
    }

    @Test
    void anOpenFileSaysWhetherPagesAreKept() {
        long at = scratch.structure();
        MEMORY.setMemory(at, Layout.FILE_INFO_BYTES, (byte) 0);
        layout.putOpened(at, new Opened(12, true));
        assertThat(layout.handle(at)).isEqualTo(12);
        assertThat(MEMORY.getInt(at + 20)).isEqualTo(2);
        layout.putOpened(at, new Opened(13, false));
        assertThat(MEMORY.getInt(at + 20)).isZero();
        MEMORY.putInt(at + 20, 16);
        assertThat(layout.releasesFlock(at)).isTrue();
    }

    @Property(tries = 200)
    void directoryEntriesAreAlignedAndNeverPassTheEnd(
            @ForAll @IntRange(min = 1, max = 255) int length, @ForAll @IntRange(max = 400) int room) {
        byte[] name = "n".repeat(length).getBytes(StandardCharsets.US_ASCII);
        long at = scratch.outputAddress();
        MEMORY.setMemory(at, scratch.outputBytes(), (byte) 0x55);
        int taken = layout.putDirent(at, room, name, 3, 8, 4);
        int wanted = Math.floorDiv(24 + length + 7, 8) * 8;
        assertThat(taken).isEqualTo(wanted <= room ? wanted : 0);
        assertThat(MEMORY.getByte(at + taken)).isEqualTo((byte) 0x55);
        if (taken > 0) {
            assertThat(MEMORY.getInt(at + 16)).isEqualTo(length);
            assertThat(MEMORY.getLong(at + 8)).isEqualTo(4);
        }
    }

    @Test
    void locksReachToTheEndOrNot() {
        long at = scratch.structure();
        NativeLock.put(at, new InTheWay(new LockRange(5, LockRange.TO_END), LockMode.WRITE, 42));
        assertThat(NativeLock.at(at)).isEqualTo(new NativeLock((short) 1, 5, 0));
        assertThat(NativeLock.at(at).range()).isEqualTo(new LockRange(5, LockRange.TO_END));
        NativeLock.put(at, new InTheWay(new LockRange(5, 5), LockMode.READ, -1));
        assertThat(NativeLock.at(at).range()).isEqualTo(new LockRange(5, 5));
        assertThat(MEMORY.getInt(at + 24)).isEqualTo(-1);
        NativeLock.put(at, new InTheWay(new LockRange(-5, -3), LockMode.READ, -1));
        assertThat(NativeLock.at(at)).isEqualTo(new NativeLock((short) 0, Long.MAX_VALUE, 0));
        NativeLock.putNone(at);
        assertThat(NativeLock.at(at).isUnlock()).isTrue();
    }
}
