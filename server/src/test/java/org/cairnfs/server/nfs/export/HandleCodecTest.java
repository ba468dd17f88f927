package org.cairnfs.server.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.junit.jupiter.api.Test;

class HandleCodecTest {
    private static final FileHandle HANDLE = new FileHandle(new UUID(1, 2), 3, 4, 5);

    private final HandleCodec codec = new HandleCodec(HANDLE.fileSystem(), new byte[32]);

    @Property(tries = 200)
    void whatIsGivenOutIsKnownAgain(
            @ForAll @LongRange(min = 1) long inode,
            @ForAll @LongRange(min = 0) long generation,
            @ForAll @LongRange(min = 0) long snapshot,
            @ForAll @LongRange(min = -1) long attribute,
            @ForAll @LongRange(min = 0) long scope)
            throws Exception {
        FileHandle handle = new FileHandle(HANDLE.fileSystem(), inode, generation, snapshot, attribute);
        byte[] wire = codec.encode(handle, scope);
        assertThat(wire.length).isLessThanOrEqualTo(64);
        assertThat(codec.decode(wire)).isEqualTo(new HandleCodec.Scoped(handle, scope));
    }

    @Test
    void underTheExportOfAllItIsThePlainOne() {
        assertThat(codec.encode(HANDLE, HandleCodec.WHOLE)).isEqualTo(HANDLE.toBytes());
    }

    @Test
    void whoChangesABitOrHasAnotherKeyHasMadeItUp() {
        byte[] wire = codec.encode(HANDLE, 9);
        for (int bit = 0; bit < wire.length * 8; bit++) {
            byte[] changed = wire.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(codec, changed);
        }
        byte[] key = new byte[32];
        key[31] = 1;
        assertRefused(new HandleCodec(HANDLE.fileSystem(), key), wire);
    }

    @Test
    void lengthsAreChecked() {
        byte[] wire = codec.encode(HANDLE, 9);
        for (int length = 0; length < wire.length; length++) {
            assertRefused(codec, Arrays.copyOf(wire, length));
        }
        assertRefused(codec, Arrays.copyOf(wire, wire.length + 1));
    }

    @Property
    void garbageIsRefused(@ForAll @Size(max = 70) byte[] garbage) {
        assertRefused(codec, garbage);
    }

    private static void assertRefused(HandleCodec codec, byte[] wire) {
        assertThatThrownBy(() -> codec.decode(wire))
                .isInstanceOfSatisfying(
                        FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }
}
