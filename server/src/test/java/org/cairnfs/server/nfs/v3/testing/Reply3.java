package org.cairnfs.server.nfs.v3.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** The results of one call, read by the test piece by piece. */
public final class Reply3 {
    private static final int MAX = 4 << 20;

    private final XdrReader in;
    private final Nfs3Status status;

    public Reply3(XdrReader in) throws XdrException {
        this.in = in;
        this.status = Nfs3Status.ofCode(in.readInt()).orElseThrow();
    }

    public Nfs3Status status() {
        return status;
    }

    /** This reply, which must be of success. */
    public Reply3 ok() {
        assertThat(status).isEqualTo(Nfs3Status.OK);
        return this;
    }

    public XdrReader in() {
        return in;
    }

    /** Whether every byte was read. */
    public void end() {
        assertThat(in.remaining()).isZero();
    }

    /** Time in nanoseconds. */
    public long time() throws XdrException {
        return in.readUnsignedInt() * 1_000_000_000L + in.readUnsignedInt();
    }

    /** fattr3. */
    public record Attributes3(
            int type,
            int mode,
            int nlink,
            int uid,
            int gid,
            long size,
            long used,
            int major,
            int minor,
            long fsid,
            long fileId,
            long atime,
            long mtime,
            long ctime) {}

    public Attributes3 attributes() throws XdrException {
        return new Attributes3(
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readHyper(),
                in.readHyper(),
                in.readInt(),
                in.readInt(),
                in.readHyper(),
                in.readHyper(),
                time(),
                time(),
                time());
    }

    public Optional<Attributes3> postOp() throws XdrException {
        return in.readOptional() ? Optional.of(attributes()) : Optional.empty();
    }

    public byte[] handle() throws XdrException {
        return in.readOpaque(64);
    }

    public byte[] postHandle() throws XdrException {
        assertThat(in.readOptional()).as("a handle follows").isTrue();
        return handle();
    }

    /** wcc_attr: size, mtime, ctime. */
    public record Before(long size, long mtime, long ctime) {
        public static Before of(Attributes3 attributes) {
            return new Before(attributes.size(), attributes.mtime(), attributes.ctime());
        }
    }

    /** wcc_data. */
    public record Wcc(Optional<Before> before, Optional<Attributes3> after) {}

    public Wcc wcc() throws XdrException {
        Optional<Before> before =
                in.readOptional() ? Optional.of(new Before(in.readHyper(), time(), time())) : Optional.empty();
        return new Wcc(before, postOp());
    }

    public byte[] opaque() throws XdrException {
        return in.readOpaque(MAX);
    }

    /** An entry of a directory; attributes and handle of READDIRPLUS, where they are given. */
    public record Listed(long fileId, String name, long cookie, Optional<Attributes3> attributes, byte[] handle) {}

    /** The entries of a READDIR or READDIRPLUS, whether the directory ends with them, and the verifier. */
    public record Page(List<Listed> entries, boolean end, long verifier) {}

    /** Reads what follows the attributes of the directory. */
    public Page page(boolean plus) throws XdrException {
        long verifier = in.readHyper();
        List<Listed> entries = new ArrayList<>();
        while (in.readOptional()) {
            long fileId = in.readHyper();
            String name = in.readUtf8(255);
            long cookie = in.readHyper();
            Optional<Attributes3> attributes = plus ? postOp() : Optional.empty();
            byte[] handle = plus && in.readOptional() ? handle() : null;
            entries.add(new Listed(fileId, name, cookie, attributes, handle));
        }
        return new Page(entries, in.readBoolean(), verifier);
    }
}
