package org.cairnfs.server.nfs.v3.call;

import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.server.nfs.v4.attr.Ftype4;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The types that many procedures have in common, on the wire (RFC 1813 section 2.6). */
public final class Wire3 {
    /** NFS3_FHSIZE. */
    public static final int MAX_HANDLE_BYTES = 64;

    /** A cookie verifier, and that of a create or a write. */
    public static final int VERIFIER_BYTES = Long.BYTES;

    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final long MAX_SECONDS = 0xFFFF_FFFFL;

    private Wire3() {}

    /** nfs_fh3, whatever is in it. */
    public static Bytes readHandle(XdrReader in) throws XdrException {
        return Bytes.ofTrusted(in.readOpaque(MAX_HANDLE_BYTES));
    }

    public static void writeHandle(XdrWriter out, Place file) throws XdrException {
        out.writeOpaque(file.wire());
    }

    /** post_op_fh3, which follows. */
    public static void writePostHandle(XdrWriter out, Place file) throws XdrException {
        out.writeBoolean(true);
        writeHandle(out, file);
    }

    /** nfstime3: unsigned seconds, so that what is before 1970 or after 2105 becomes the nearest that can be told. */
    public static void writeTime(XdrWriter out, long nanos) throws XdrException {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        if (seconds < 0) {
            out.writeInt(0).writeInt(0);
        } else if (seconds > MAX_SECONDS) {
            out.writeInt(-1).writeInt(NANOS_PER_SECOND - 1);
        } else {
            out.writeInt((int) seconds).writeInt(Math.floorMod(nanos, NANOS_PER_SECOND));
        }
    }

    /** fattr3. */
    public static void writeAttributes(XdrWriter out, UUID fileSystem, Attributes of) throws XdrException {
        out.writeInt(Ftype4.of(of.type())).writeInt(of.mode()).writeInt(of.nlink());
        out.writeInt(of.uid()).writeInt(of.gid());
        out.writeHyper(of.size()).writeHyper(of.used());
        out.writeInt(of.device().major()).writeInt(of.device().minor());
        out.writeHyper(fileSystem.getMostSignificantBits() ^ fileSystem.getLeastSignificantBits());
        out.writeHyper(of.fileId());
        writeTime(out, of.atime());
        writeTime(out, of.mtime());
        writeTime(out, of.ctime());
    }

    /** post_op_attr. */
    public static void writePostOp(XdrWriter out, Nfs3Call call, Optional<Attributes> attributes) throws XdrException {
        out.writeBoolean(attributes.isPresent());
        if (attributes.isPresent()) {
            writeAttributes(out, call.fileSystem().root().fileSystem(), attributes.get());
        }
    }

    /** post_op_attr, which follows. */
    public static void writePostOp(XdrWriter out, Nfs3Call call, Attributes attributes) throws XdrException {
        writePostOp(out, call, Optional.of(attributes));
    }

    /** wcc_data: what the file was before and is after; told together only if nothing else came between the two. */
    public static void writeChange(
            XdrWriter out, Nfs3Call call, Optional<PriorAttributes> before, Optional<Attributes> after)
            throws XdrException {
        out.writeBoolean(before.isPresent());
        if (before.isPresent()) {
            out.writeHyper(before.get().size());
            writeTime(out, before.get().mtime());
            writeTime(out, before.get().ctime());
        }
        writePostOp(out, call, after);
    }

    /** wcc_data of a call that failed: only what the file is now. */
    public static void writeUnchanged(XdrWriter out, Nfs3Call call, Bytes handle) throws XdrException {
        writeChange(out, call, Optional.empty(), call.attributesIfAny(handle));
    }
}
