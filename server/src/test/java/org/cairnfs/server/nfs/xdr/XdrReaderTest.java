package org.cairnfs.server.nfs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the reader accepts, and that each bound is checked before anything is allocated. */
class XdrReaderTest {

    @Test
    void readsIntegers() throws XdrException {
        XdrReader in = reader("ffffffff ffffffff 8000000000000001 00000001 00000000");

        assertThat(in.readInt()).isEqualTo(-1);
        assertThat(in.readUnsignedInt()).isEqualTo(0xFFFF_FFFFL);
        assertThat(in.readHyper()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(in.readBoolean()).isTrue();
        assertThat(in.readOptional()).isFalse();
        assertThat(in.remaining()).isZero();
        assertThat(in.position()).isEqualTo(24);
    }

    @Test
    void readsBigEndianWhateverTheOrderOfTheBuffer() throws XdrException {
        ByteBuffer little = ByteBuffer.wrap(hex("00000102")).order(java.nio.ByteOrder.LITTLE_ENDIAN);

        assertThat(new XdrReader(little).readInt()).isEqualTo(0x102);
        assertThat(little.position()).isZero();
    }

    @Test
    void refusesABooleanThatIsNeitherZeroNorOne() {
        assertRefused(() -> reader("00000002").readBoolean(), "boolean is 2");
    }

    @Test
    void readsOpaqueDataAndItsPadding() throws XdrException {
        XdrReader in = reader("00000005 6162636465 000000 61626300 00000001 7a 000000 00000000");

        assertThat(in.readOpaque(5)).asString(StandardCharsets.US_ASCII).isEqualTo("abcde");
        assertThat(in.readFixedOpaque(3)).asString(StandardCharsets.US_ASCII).isEqualTo("abc");
        assertThat(in.readUtf8(1)).isEqualTo("z");
        assertThat(in.readString(0)).isEmpty();
        assertThat(in.remaining()).isZero();
    }

    @Test
    void aSliceSharesTheMemoryOfTheRecordButCannotChangeIt() throws XdrException {
        byte[] record = hex("00000003 616263 00 00000007");
        XdrReader in = new XdrReader(ByteBuffer.wrap(record));

        ByteBuffer slice = in.readOpaqueSlice(3);
        record[4] = 'X';

        assertThat(slice.isReadOnly()).isTrue();
        assertThat(StandardCharsets.US_ASCII.decode(slice).toString()).isEqualTo("Xbc");
        assertThat(in.readInt()).isEqualTo(7);
    }

    @Test
    void refusesPaddingThatIsNotZero() {
        assertRefused(() -> reader("00000003 616263 01").readOpaque(3), "padding");
        assertRefused(() -> reader("00000003 616263 01").readOpaqueSlice(3), "padding");
        assertRefused(() -> reader("00000003 616263 01").skipOpaque(3), "padding");
    }

    @Test
    void refusesPaddingThatIsMissing() {
        assertRefused(() -> reader("00000003 616263").readOpaque(3), "4 bytes expected, 3 remain");
    }

    @Test
    void refusesALengthOverTheMaximum() {
        assertRefused(() -> reader("00000005 6162636465 000000").readOpaque(4), "at most 4");
        assertRefused(() -> reader("00000005 6162636465 000000").readOpaqueSlice(4), "at most 4");
    }

    @Test
    void refusesALengthThatIsNotThereBeforeItAllocates() {
        // Were it allocated first, two gigabytes would not fit into the heap of the tests.
        assertRefused(() -> reader("7fffffff 61").readOpaque(Integer.MAX_VALUE), "remain");
        assertRefused(() -> reader("ffffffff 61").readOpaque(Integer.MAX_VALUE), "4294967295");
        assertRefused(() -> reader("61").readFixedOpaque(Integer.MAX_VALUE), "remain");
        assertRefused(() -> reader("7fffffff 61").skipOpaque(Integer.MAX_VALUE), "remain");
    }

    @Test
    void refusesACountOverTheMaximumOrOverWhatRemains() throws XdrException {
        assertThat(reader("00000002 00000000 00000000").readCount(2, 4)).isEqualTo(2);
        assertRefused(() -> reader("00000003").readCount(2, 4), "at most 2");
        assertRefused(() -> reader("00000003 00000000 00000000").readCount(3, 4), "8 bytes remain");
        assertRefused(() -> reader("7fffffff").readInts(Integer.MAX_VALUE), "remain");
        assertRefused(() -> reader("ffffffff").readInts(Integer.MAX_VALUE), "4294967295");
    }

    @Test
    void readsArraysOfIntegers() throws XdrException {
        assertThat(reader("00000002 00000001 ffffffff").readInts(2)).containsExactly(1, -1);
        assertThat(reader("00000000").readInts(2)).isEmpty();
    }

    @Test
    void refusesAStringThatIsNotUtf8() {
        assertRefused(() -> reader("00000002 c328 0000").readUtf8(8), "UTF-8");
    }

    @Test
    void givesBackWhatWasRead() throws XdrException {
        XdrReader in = reader("00000001 00000002 00000003");
        int from = in.position();
        in.readInt();
        in.readInt();

        assertThat(new XdrReader(in.slice(from, in.position())).readHyper()).isEqualTo(0x1_0000_0002L);
        assertThat(in.remaining()).isEqualTo(4);
        assertThatThrownBy(() -> in.slice(8, 13)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void assertRefused(ThrowingCallable read, String message) {
        assertThatThrownBy(read).isInstanceOf(XdrException.class).hasMessageContaining(message);
    }

    private static XdrReader reader(String hex) {
        return new XdrReader(ByteBuffer.wrap(hex(hex)));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
