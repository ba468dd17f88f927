package org.cairnfs.server.nfs.v4.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.CallbackCredential;
import org.cairnfs.server.nfs.state.Callbacks;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** CB_COMPOUND word by word, as RFC 7530 section 16 and RFC 8881 section 20 have it. */
class CallbackCodecTest {
    private static final Stateid STATEID = new Stateid(1, 2, 3, 4);
    private static final byte[] HANDLE = {1, 2, 3, 4, 5};
    private static final Callbacks.Recall RECALL = new Callbacks.Recall(STATEID, Bytes.ofTrusted(HANDLE));
    private static final SessionId SESSION = new SessionId(9, 10);

    private static XdrReader reader(XdrWriter written) {
        return new XdrReader(ByteBuffer.wrap(written.toByteArray()));
    }

    private static void assertRecall(XdrReader in) throws Exception {
        assertThat(in.readInt()).isEqualTo(4);
        assertThat(Wire.readStateid(in)).isEqualTo(STATEID);
        assertThat(in.readBoolean()).as("truncate").isFalse();
        assertThat(in.readOpaque(100)).isEqualTo(HANDLE);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void recallOfMinor0() throws Exception {
        XdrReader in = reader(CallbackCodec.recall40(77, RECALL));
        assertThat(in.readUtf8(10)).isEmpty();
        assertThat(in.readInt()).as("minor version").isZero();
        assertThat(in.readInt()).as("callback_ident").isEqualTo(77);
        assertThat(in.readInt()).as("operations").isEqualTo(1);
        assertRecall(in);
    }

    @Test
    void recallInASession() throws Exception {
        Callbacks.BackCall call =
                new Callbacks.BackCall(SESSION, null, 3, 12, 5, 2, 0x4000_0000, CallbackCredential.NONE);
        XdrReader in = reader(CallbackCodec.recallInSession(call, RECALL));
        assertThat(in.readUtf8(10)).isEmpty();
        assertThat(in.readInt()).as("minor version").isEqualTo(2);
        assertThat(in.readInt()).as("callback_ident").isZero();
        assertThat(in.readInt()).as("operations").isEqualTo(2);
        assertThat(in.readInt()).as("CB_SEQUENCE").isEqualTo(11);
        assertThat(Wire.readSessionId(in)).isEqualTo(SESSION);
        assertThat(in.readInt()).as("sequence").isEqualTo(12);
        assertThat(in.readInt()).as("slot").isEqualTo(3);
        assertThat(in.readInt()).as("highest slot").isEqualTo(5);
        assertThat(in.readBoolean()).as("cache this").isFalse();
        assertThat(in.readInt()).as("referring calls").isZero();
        assertRecall(in);
    }

    /** An answer: the status of the compound, no tag, and the results of operations with no body but CB_SEQUENCE's. */
    private static XdrWriter answer(NfsStatus status, NfsStatus... results) throws XdrException {
        XdrWriter out = new XdrWriter(1000).writeInt(status.code()).writeUtf8("");
        out.writeInt(results.length);
        for (int i = 0; i < results.length; i++) {
            boolean isSequence = results.length == 2 && i == 0;
            out.writeInt(isSequence ? 11 : 4).writeInt(results[i].code());
            if (isSequence) {
                Wire.writeSessionId(out, SESSION);
                out.writeInt(12).writeInt(3).writeInt(5).writeInt(5);
            }
        }
        return out;
    }

    @Test
    void answersInASession() throws Exception {
        assertThat(CallbackCodec.answer(reader(answer(NfsStatus.OK, NfsStatus.OK, NfsStatus.OK))))
                .isEqualTo(new Callbacks.Answer(NfsStatus.OK, NfsStatus.OK));
        assertThat(CallbackCodec.answer(reader(answer(NfsStatus.BADHANDLE, NfsStatus.OK, NfsStatus.BADHANDLE))))
                .isEqualTo(new Callbacks.Answer(NfsStatus.OK, NfsStatus.BADHANDLE));
        assertThat(CallbackCodec.answer(reader(answer(NfsStatus.BADSESSION, NfsStatus.BADSESSION))))
                .isEqualTo(new Callbacks.Answer(NfsStatus.BADSESSION, NfsStatus.BADSESSION));
        assertThat(CallbackCodec.answer(reader(answer(NfsStatus.MINOR_VERS_MISMATCH))))
                .isEqualTo(new Callbacks.Answer(NfsStatus.MINOR_VERS_MISMATCH, NfsStatus.MINOR_VERS_MISMATCH));
    }

    @Test
    void answersOfMinor0() throws Exception {
        assertThat(CallbackCodec.status40(reader(answer(NfsStatus.OK, NfsStatus.OK))))
                .isEqualTo(NfsStatus.OK);
        assertThat(CallbackCodec.status40(reader(answer(NfsStatus.BAD_STATEID, NfsStatus.BAD_STATEID))))
                .isEqualTo(NfsStatus.BAD_STATEID);
        assertThat(CallbackCodec.status40(reader(answer(NfsStatus.RESOURCE)))).isEqualTo(NfsStatus.RESOURCE);
    }

    @Test
    void whatIsNoAnswerIsRefused() throws Exception {
        byte[] whole = answer(NfsStatus.OK, NfsStatus.OK, NfsStatus.OK).toByteArray();
        for (int length = 0; length < whole.length; length += Integer.BYTES) {
            XdrReader cut = new XdrReader(ByteBuffer.wrap(whole, 0, length).slice());
            assertThatThrownBy(() -> CallbackCodec.answer(cut)).isInstanceOf(XdrException.class);
        }
        XdrWriter unknown = new XdrWriter(100).writeInt(4711).writeUtf8("").writeInt(0);
        assertThatThrownBy(() -> CallbackCodec.status40(reader(unknown))).isInstanceOf(XdrException.class);
        assertThatThrownBy(() -> CallbackCodec.status40(reader(answer(NfsStatus.OK))))
                .isInstanceOf(XdrException.class);
    }
}
