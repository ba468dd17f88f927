package org.cairnfs.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The wire form of file handles, which clients bring back, or make up. */
class FileHandleProperties {
    private static final UUID FILE_SYSTEM = new UUID(0x1234_5678_9abc_def0L, -7);

    @Property
    void survivesTheWire(
            @ForAll @LongRange(min = 1) long inode,
            @ForAll @LongRange(min = 0) long generation,
            @ForAll @LongRange(min = 0) long snapshot,
            @ForAll @LongRange(min = FileHandle.ATTRIBUTE_DIRECTORY) long attribute)
            throws FsException {
        FileHandle handle = new FileHandle(FILE_SYSTEM, inode, generation, snapshot, attribute);

        byte[] wire = handle.toBytes();

        assertThat(FileHandle.ofBytes(wire)).isEqualTo(handle);
        assertThat(wire).hasSizeLessThanOrEqualTo(64);
        assertThat(handle.isInode()).isEqualTo(attribute == 0);
        assertThat(handle.ofInode()).isEqualTo(new FileHandle(FILE_SYSTEM, inode, generation, snapshot));
        assertThat(handle.ofInode().withAttribute(attribute)).isEqualTo(handle);
        for (int length = 0; length < wire.length; length++) {
            byte[] cut = Arrays.copyOf(wire, length);
            assertThatThrownBy(() -> FileHandle.ofBytes(cut)).isInstanceOf(FsException.class);
        }
    }

    /** Anything at all is refused, or is the one form of some handle. */
    @Property
    void eachHandleHasOneForm(@ForAll @Size(min = 40, max = 50) byte[] bytes, @ForAll byte version) {
        bytes[0] = (byte) (version % 3);
        FileHandle handle;
        try {
            handle = FileHandle.ofBytes(bytes);
        } catch (FsException e) {
            assertThat(e.errno()).isEqualTo(Errno.EINVAL);
            return;
        }
        assertThat(handle.toBytes()).isEqualTo(bytes);
    }
}
