package org.cairnfs.server.nfs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wire form of each type, the limit, taking back and setting anew, and payloads by reference. */
class XdrWriterTest {
    private final XdrWriter out = new XdrWriter(1 << 20);

    @Test
    void writesEachType() throws XdrException {
        out.writeInt(-2)
                .writeUnsignedInt(0xFFFF_FFFFL)
                .writeHyper(0x0102030405060708L)
                .writeBoolean(true)
                .writeInts(5, 6)
                .writeFixedOpaque(ascii("abc"))
                .writeOpaque(ascii("abcde"))
                .writeUtf8("\u00e9");

        assertHex("fffffffe ffffffff 0102030405060708 00000001 00000002 00000005 00000006"
                + " 61626300 00000005 6162636465000000 00000002 c3a90000");
    }

    @Test
    void refusesWhatIsNoUnsignedInteger() {
        assertThatThrownBy(() -> out.writeUnsignedInt(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> out.writeUnsignedInt(1L << 32)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsUpToItsLimitAndLeavesNothingHalfWritten() throws XdrException {
        XdrWriter small = new XdrWriter(1000);
        for (int i = 0; i < 248; i++) {
            small.writeInt(i);
        }
        assertThat(small.remaining()).isEqualTo(8);

        assertThatThrownBy(() -> small.writeOpaque(ascii("abcde"))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> small.writeInts(1, 2)).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> small.writeFixedOpaque(new byte[9])).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> small.writeOpaqueReference(ByteBuffer.allocate(5)))
                .isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> small.writeEncodedReference(ByteBuffer.allocate(12)))
                .isInstanceOf(XdrException.class);
        assertThat(small.position()).isEqualTo(992);

        small.writeHyper(1);
        assertThat(small.remaining()).isZero();
        assertThatThrownBy(() -> small.writeInt(1))
                .isInstanceOf(XdrException.class)
                .hasMessageContaining("limit of 1000");
    }

    @Test
    void takesPayloadsByReference() throws XdrException {
        byte[] data = ascii("abcde");
        ByteBuffer payload = ByteBuffer.wrap(data);
        out.writeInt(1).writeOpaqueReference(payload).writeInt(2);
        data[0] = 'X';

        assertHex("00000001 00000005 5862636465000000 00000002");
        assertThat(payload.position()).isZero();
        List<ByteBuffer> buffers = out.buffers();
        assertThat(buffers).hasSize(3);
        assertThat(buffers.get(1)).isEqualTo(payload);
    }

    @Test
    void takesAPayloadInPieces() throws XdrException {
        List<ByteBuffer> pieces =
                List.of(ByteBuffer.wrap(ascii("ab")), ByteBuffer.allocate(0), ByteBuffer.wrap(ascii("cde")));
        int before = out.position();
        out.writeOpaqueReference(pieces).writeInt(2);

        assertHex("00000005 6162636465000000 00000002");
        out.setInt(out.position() - Integer.BYTES, 3);
        assertHex("00000005 6162636465000000 00000003");
        out.truncate(before).writeOpaqueReference(List.of());
        assertHex("00000000");
    }

    @Test
    void refusesPiecesThatPassTheLimitAndWritesNothing() {
        XdrWriter small = new XdrWriter(11);
        List<ByteBuffer> pieces = List.of(ByteBuffer.wrap(ascii("abc")), ByteBuffer.wrap(ascii("de")));

        assertThatThrownBy(() -> small.writeOpaqueReference(pieces)).isInstanceOf(XdrException.class);
        assertThat(small.position()).isZero();
    }

    @Test
    void takesAPayloadAtTheVeryEndOfTheLimit() throws XdrException {
        XdrWriter small = new XdrWriter(8);
        small.writeOpaqueReference(ByteBuffer.wrap(ascii("abc")));

        assertThat(small.remaining()).isZero();
        assertThat(small.toByteArray()).isEqualTo(HexFormat.of().parseHex("0000000361626300"));
    }

    @Test
    void takesEncodedBytesByReference() throws XdrException {
        out.writeEncodedReference(ByteBuffer.wrap(ascii("abcd"))).writeEncodedReference(ByteBuffer.allocate(0));

        assertHex("61626364");
        assertThatThrownBy(() -> out.writeEncodedReference(ByteBuffer.allocate(3)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void setsAnewBeforeBetweenAndAfterPayloads() throws XdrException {
        int first = out.position();
        out.writeInt(0).writeOpaqueReference(ByteBuffer.wrap(ascii("abcd")));
        int second = out.position();
        out.writeInt(0).writeOpaqueReference(ByteBuffer.wrap(ascii("efgh")));
        int third = out.position();
        out.writeInt(0);

        out.setInt(first, 1).setInt(second, 2).setInt(third, 3);

        assertHex("00000001 00000004 61626364 00000002 00000004 65666768 00000003");
    }

    @Test
    void refusesToSetWhatIsNotThere() throws XdrException {
        out.writeInt(0).writeOpaqueReference(ByteBuffer.wrap(ascii("abcdefgh"))).writeInt(0);

        for (int position : new int[] {-1, 5, 6, 8, 12, 15, 17, 20, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> out.setInt(position, 1))
                    .as("position %d", position)
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void takesBackItsEnd() throws XdrException {
        out.writeInt(1);
        int beforePayload = out.position();
        out.writeOpaqueReference(ByteBuffer.wrap(ascii("abc")));
        int afterPayload = out.position();
        out.writeInt(2);

        assertThatThrownBy(() -> out.truncate(beforePayload + 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.truncate(afterPayload + 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.truncate(-1)).isInstanceOf(IndexOutOfBoundsException.class);

        out.truncate(afterPayload);
        assertHex("00000001 00000003 61626300");
        out.truncate(beforePayload).writeInt(7);
        assertHex("00000001 00000007");
        out.truncate(0);
        assertThat(out.buffers()).isEmpty();
    }

    private void assertHex(String hex) {
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(hex.replace(" ", ""));
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
