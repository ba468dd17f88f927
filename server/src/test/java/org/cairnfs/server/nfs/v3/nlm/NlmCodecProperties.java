package org.cairnfs.server.nfs.v3.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** The arguments of NLM go over the wire and come back; what is cut off is refused. */
class NlmCodecProperties {
    private static final Bytes COOKIE = NlmFixture.bytes("cookie");

    @FunctionalInterface
    private interface Decoder {
        Object decode(XdrReader in) throws XdrException;
    }

    @Property
    void locksComeBack(
            @ForAll @Size(max = 300) byte[] caller,
            @ForAll @Size(max = 80) byte[] file,
            @ForAll @Size(max = 300) byte[] owner,
            @ForAll int svid,
            @ForAll long offset,
            @ForAll long length)
            throws Exception {
        NlmLock lock = new NlmLock(Bytes.copyOf(caller), Bytes.copyOf(file), Bytes.copyOf(owner), svid, offset, length);
        XdrReader in = reader(Calls.encode(lock::encode));
        assertThat(NlmLock.decode(in)).isEqualTo(lock);
        assertThat(in.remaining()).isZero();
        lock.range().ifPresent(range -> assertThat(range.first()).isEqualTo(offset));
    }

    private static Map<Arguments, Map.Entry<Decoder, Object>> samples() {
        NlmLock lock = new NlmLock(NlmFixture.bytes("host"), NlmFixture.bytes("fh"), NlmFixture.bytes("oh"), 1, 2, 3);
        Arguments mode = out -> out.writeUtf8("cookie").writeBoolean(true);
        return Map.of(
                out -> {
                    mode.write(out);
                    lock.encode(out);
                },
                Map.entry(LockCall::decodeTest, new LockCall(COOKIE, false, LockMode.WRITE, lock, false, 0)),
                out -> {
                    mode.write(out);
                    out.writeBoolean(false);
                    lock.encode(out);
                    out.writeBoolean(true).writeInt(9);
                },
                Map.entry(LockCall::decodeLock, new LockCall(COOKIE, true, LockMode.READ, lock, true, 9)),
                out -> {
                    mode.write(out);
                    out.writeBoolean(true);
                    lock.encode(out);
                },
                Map.entry(LockCall::decodeCancel, new LockCall(COOKIE, true, LockMode.WRITE, lock, false, 0)),
                out -> {
                    out.writeUtf8("cookie");
                    lock.encode(out);
                },
                Map.entry(LockCall::decodeUnlock, new LockCall(COOKIE, false, LockMode.READ, lock, false, 0)),
                out -> {
                    out.writeUtf8("cookie").writeUtf8("host").writeUtf8("fh").writeUtf8("oh");
                    out.writeInt(2).writeInt(3).writeBoolean(true);
                },
                Map.entry(
                        ShareCall::decode,
                        new ShareCall(COOKIE, lock.caller(), lock.file(), lock.ownerHandle(), 2, 3, true)));
    }

    @Example
    void callsComeBackAndWhatIsCutOffIsRefused() throws Exception {
        for (Map.Entry<Arguments, Map.Entry<Decoder, Object>> sample : samples().entrySet()) {
            byte[] whole = Calls.encode(sample.getKey());
            Decoder decoder = sample.getValue().getKey();
            XdrReader in = reader(whole);
            assertThat(decoder.decode(in)).isEqualTo(sample.getValue().getValue());
            assertThat(in.remaining()).isZero();
            for (int length = 0; length < whole.length; length++) {
                XdrReader cut = new XdrReader(ByteBuffer.wrap(whole, 0, length));
                assertThatThrownBy(() -> decoder.decode(cut)).isInstanceOf(XdrException.class);
            }
        }
    }

    private static XdrReader reader(byte[] bytes) {
        return new XdrReader(ByteBuffer.wrap(bytes));
    }
}
