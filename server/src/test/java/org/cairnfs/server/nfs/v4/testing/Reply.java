package org.cairnfs.server.nfs.v4.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** The reply of a compound, read by the test from one result to the next. */
public final class Reply {
    private static final int MAX = 4 << 20;

    private final XdrReader in;
    private final NfsStatus status;
    private final byte[] tag;
    private final int count;
    private int read;

    public Reply(XdrReader in) throws XdrException {
        this.in = in;
        this.status = NfsStatus.ofCode(in.readInt()).orElseThrow();
        this.tag = in.readOpaque(MAX);
        this.count = in.readInt();
    }

    public NfsStatus status() {
        return status;
    }

    public byte[] tag() {
        return tag;
    }

    /** How many results there are. */
    public int count() {
        return count;
    }

    /** The reader, at what follows the status of the result that was read last. */
    public XdrReader in() {
        return in;
    }

    /** Reads the head of the next result. */
    public NfsStatus next(OpCode expected) throws XdrException {
        return next(expected.number());
    }

    public NfsStatus next(int expected) throws XdrException {
        assertThat(in.readInt()).as("operation number of result %d", read).isEqualTo(expected);
        read++;
        return NfsStatus.ofCode(in.readInt()).orElseThrow();
    }

    /** Reads the head of the next result, which must be OK. */
    public Reply ok(OpCode expected) throws XdrException {
        assertThat(next(expected)).as("status of %s", expected).isEqualTo(NfsStatus.OK);
        return this;
    }

    /** Reads the heads of results that have nothing else, all OK. */
    public Reply ok(OpCode first, OpCode... more) throws XdrException {
        ok(first);
        for (OpCode code : more) {
            ok(code);
        }
        return this;
    }

    /** Whether every byte was read. */
    public void end() {
        assertThat(read).isEqualTo(count);
        assertThat(in.remaining()).isZero();
    }

    public Stateid stateid() throws XdrException {
        return Wire.readStateid(in);
    }

    public byte[] handle() throws XdrException {
        return in.readOpaque(128);
    }

    public DirectoryChange change() throws XdrException {
        assertThat(in.readBoolean()).as("atomic").isTrue();
        return new DirectoryChange(in.readHyper(), in.readHyper());
    }

    /** Reads a fattr4 that has exactly these attributes, and returns the reader of its values. */
    public XdrReader attributes(Attr... expected) throws XdrException {
        List<Integer> numbers = new ArrayList<>();
        Bitmap4.decode(in).forEach(numbers::add);
        assertThat(numbers)
                .containsExactly(
                        java.util.Arrays.stream(expected).map(Attr::number).toArray(Integer[]::new));
        return new XdrReader(in.readOpaqueSlice(MAX));
    }

    public Bitmap4 bitmap() throws XdrException {
        return Bitmap4.decode(in);
    }

    /** open_read_delegation4 of a server that has its clients ask for everybody's access. */
    public record Delegation(Stateid stateid, boolean recall) {}

    /**
     * OPEN4resok.
     *
     * @param delegation open_delegation_type4
     * @param read the read delegation, or null
     * @param why why_no_delegation4, or -1 if that is not said
     */
    public record Opened(Stateid stateid, int flags, Bitmap4 set, int delegation, Delegation read, int why) {
        public boolean mustConfirm() {
            return (flags & 2) != 0;
        }
    }

    /** Reads the result of an OPEN, which must be OK. */
    public Opened opened() throws XdrException {
        ok(OpCode.OPEN);
        Stateid stateid = stateid();
        in.readBoolean();
        in.readHyper();
        in.readHyper();
        int flags = in.readInt();
        Bitmap4 set = bitmap();
        int delegation = in.readInt();
        Delegation read = null;
        int why = -1;
        if (delegation == 1) {
            read = new Delegation(stateid(), in.readBoolean());
            assertThat(new int[] {in.readInt(), in.readInt(), in.readInt()})
                    .as("nfsace4: type, flag, mask")
                    .containsOnly(0);
            assertThat(in.readUtf8(16)).isEmpty();
        } else if (delegation == 3) {
            why = in.readInt();
            if (why == 1 || why == 2) {
                assertThat(in.readBoolean()).as("the server will tell").isFalse();
            }
        }
        return new Opened(stateid, flags, set, delegation, read, why);
    }

    /** LOCK4denied. */
    public record Denied(long offset, long length, int type, long clientId, String owner) {}

    public Denied denied() throws XdrException {
        return new Denied(in.readHyper(), in.readHyper(), in.readInt(), in.readHyper(), in.readUtf8(1024));
    }

    /** READ4resok. */
    public record Data(boolean end, Bytes read) {
        public byte[] bytes() {
            return read.toArray();
        }
    }

    public Data data() throws XdrException {
        return new Data(in.readBoolean(), Bytes.ofTrusted(in.readOpaque(MAX)));
    }
}
