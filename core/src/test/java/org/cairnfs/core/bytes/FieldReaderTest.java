package org.cairnfs.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FieldReaderTest {
    private static FieldReader reader(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return new FieldReader("test", array);
    }

    @Test
    void whatWasWrittenReadsBack() throws Exception {
        UUID uuid = UUID.randomUUID();
        byte[] bytes = new FieldWriter()
                .u8(255)
                .u16(65_535)
                .u32(Integer.MAX_VALUE)
                .i64(Long.MIN_VALUE)
                .string("grün")
                .uuid(uuid)
                .bytes(new byte[1000])
                .toBytes();
        FieldReader in = new FieldReader("test", bytes);
        assertThat(in.u8()).isEqualTo(255);
        assertThat(in.u16()).isEqualTo(65_535);
        assertThat(in.u32(0, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThat(in.i64()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.string(5)).isEqualTo("grün");
        assertThat(in.uuid()).isEqualTo(uuid);
        assertThat(in.bytes(1000)).hasSize(1000);
        in.expectEnd();
        assertThat(in.position()).isEqualTo(bytes.length);
    }

    @Test
    void anIntegerIsBigEndian() {
        assertThat(new FieldWriter().u32(0x01020304).toBytes()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void valuesOutOfBoundsAreMalformed() {
        assertThatThrownBy(() -> reader(0, 0, 0, 5).u32(6, 10)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(0xff, 0xff, 0xff, 0xff).u32(0, Integer.MAX_VALUE))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("4294967295");
        assertThatThrownBy(() -> reader(0, 0, 0, 0, 0, 0, 0, 0).i64(1)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(0, 3, 'a', 'b', 'c').string(2)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(0, 1, 0xff).string(2)).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> reader(0x7f, 0xff, 0xff, 0xff).count(1)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(1).expectEnd()).hasMessageContaining("1 bytes too many");
        assertThatThrownBy(() -> reader(1).expect(new byte[] {2})).hasMessageContaining("magic");
    }

    @Test
    void whatEndsTooEarlyIsMalformed() {
        for (int length = 0; length < 8; length++) {
            byte[] bytes = new byte[length];
            assertThatThrownBy(() -> new FieldReader("test", bytes).i64())
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("test: ends too early");
        }
        assertThatThrownBy(() -> reader().u8()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(1).u16()).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(0, 5, 1).string(10)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> reader(1, 2).bytes(Integer.MAX_VALUE)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aPartOfAnArrayIsReadAlone() throws Exception {
        FieldReader in = new FieldReader("test", new byte[] {1, 2, 3, 4}, 1, 2);
        assertThat(in.bytes(2)).containsExactly(2, 3);
        assertThat(in.remaining()).isZero();
        assertThatThrownBy(in::u8).isInstanceOf(MalformedException.class);
    }

    @Test
    void whatDoesNotFitIsNotWritten() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FieldWriter().u8(256));
        assertThatIllegalArgumentException().isThrownBy(() -> new FieldWriter().u16(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FieldWriter().string("x".repeat(65_536)));
    }

    @Test
    void wipingLeavesNothing() {
        FieldWriter out = new FieldWriter().bytes(new byte[] {1, 2, 3});
        out.wipe();
        assertThat(Arrays.equals(out.toBytes(), new byte[3])).isTrue();
    }
}
