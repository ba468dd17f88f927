package org.cairnfs.server.nfs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What was written is read back; cut off at any byte it is refused; random bytes never do harm. */
class XdrRoundTripProperties {
    private static final int LIMIT = 1 << 16;

    /** One value in its own type, with how it is written and read back. */
    private interface Value {
        void write(XdrWriter out) throws XdrException;

        void readBack(XdrReader in) throws XdrException;
    }

    private record Int(int value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeInt(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readInt()).isEqualTo(value);
        }
    }

    private record Hyper(long value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeHyper(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readHyper()).isEqualTo(value);
        }
    }

    private record Bool(boolean value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeBoolean(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readBoolean()).isEqualTo(value);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by content, in readBack only.
    private record Opaque(byte[] value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeOpaque(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readOpaque(value.length)).isEqualTo(value);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by content, in readBack only.
    private record Bulk(byte[] value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeOpaqueReference(ByteBuffer.wrap(value));
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readOpaqueSlice(value.length)).isEqualTo(ByteBuffer.wrap(value));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by content, in readBack only.
    private record Fixed(byte[] value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeFixedOpaque(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readFixedOpaque(value.length)).isEqualTo(value);
        }
    }

    private record Text(String value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeUtf8(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readUtf8(LIMIT)).isEqualTo(value);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by content, in readBack only.
    private record Ints(int[] value) implements Value {
        @Override
        public void write(XdrWriter out) throws XdrException {
            out.writeInts(value);
        }

        @Override
        public void readBack(XdrReader in) throws XdrException {
            assertThat(in.readInts(value.length)).isEqualTo(value);
        }
    }

    @Property
    void readsBackWhatWasWritten(@ForAll("values") List<Value> values) throws XdrException {
        XdrReader in = new XdrReader(ByteBuffer.wrap(encode(values)));
        for (Value value : values) {
            value.readBack(in);
        }
        assertThat(in.remaining()).isZero();
    }

    @Property(tries = 200)
    void isRefusedWhenCutOffAtAnyByte(@ForAll("values") @Size(max = 6) List<Value> values) throws XdrException {
        byte[] whole = encode(values);
        for (int length = 0; length < whole.length; length++) {
            XdrReader cut = new XdrReader(ByteBuffer.wrap(whole, 0, length));
            assertThatThrownBy(() -> {
                        for (Value value : values) {
                            value.readBack(cut);
                        }
                    })
                    .as("cut at byte %d of %d", length, whole.length)
                    .isInstanceOf(XdrException.class);
        }
    }

    @Property
    void takingBackAndWritingAgainChangesNothing(
            @ForAll("values") List<Value> first, @ForAll("values") List<Value> second) throws XdrException {
        XdrWriter out = new XdrWriter(LIMIT);
        write(first, out);
        int position = out.position();
        write(second, out);
        out.truncate(position);
        write(second, out);

        XdrWriter expected = new XdrWriter(LIMIT);
        write(first, expected);
        write(second, expected);
        assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Property
    void randomBytesAreReadOrRefusedButNeverPassTheirEnd(@ForAll @Size(max = 64) byte[] bytes) {
        XdrReader in = new XdrReader(ByteBuffer.wrap(bytes));
        try {
            while (in.remaining() > 0) {
                in.readBoolean();
                in.readOpaque(Integer.MAX_VALUE);
                in.readInts(Integer.MAX_VALUE);
                in.readOpaqueSlice(Integer.MAX_VALUE);
                in.readUtf8(Integer.MAX_VALUE);
            }
        } catch (XdrException refused) {
            assertThat(refused).hasMessageMatching(".+");
        }
        assertThat(in.position()).isBetween(0, bytes.length);
    }

    @Provide
    Arbitrary<List<Value>> values() {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(70);
        Arbitrary<Value> value = Arbitraries.oneOf(
                Arbitraries.integers().map(Int::new),
                Arbitraries.longs().map(Hyper::new),
                Arbitraries.of(true, false).map(Bool::new),
                bytes.map(Opaque::new),
                bytes.map(Bulk::new),
                bytes.filter(b -> b.length > 0).map(Fixed::new),
                Arbitraries.strings().ascii().ofMaxLength(20).map(Text::new),
                Arbitraries.integers().array(int[].class).ofMaxSize(5).map(Ints::new));
        return value.list().ofMaxSize(20);
    }

    private static byte[] encode(List<Value> values) throws XdrException {
        XdrWriter out = new XdrWriter(LIMIT);
        write(values, out);
        return out.toByteArray();
    }

    private static void write(List<Value> values, XdrWriter out) throws XdrException {
        for (Value value : values) {
            value.write(out);
        }
    }
}
