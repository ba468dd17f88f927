package org.cairnfs.server.nfs.v4.testing;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;

/** The operations that NFSv4.2 adds, as a client encodes them: written from RFC 7863 and RFC 8276. */
public final class Ops42 {
    public static final int EITHER = 0;
    public static final int CREATE = 1;
    public static final int REPLACE = 2;

    public static final int DATA = 0;
    public static final int HOLE = 1;

    private Ops42() {}

    // ---- sparse files

    public static Op allocate(Stateid stateid, long offset, long length) {
        return onRange(OpCode.ALLOCATE, stateid, offset, length);
    }

    public static Op deallocate(Stateid stateid, long offset, long length) {
        return onRange(OpCode.DEALLOCATE, stateid, offset, length);
    }

    private static Op onRange(OpCode code, Stateid stateid, long offset, long length) {
        return Op.of(code, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeHyper(length);
        });
    }

    public static Op seek(Stateid stateid, long offset, int what) {
        return Op.of(OpCode.SEEK, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(what);
        });
    }

    public static Op readPlus(Stateid stateid, long offset, int count) {
        return Op.of(OpCode.READ_PLUS, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(count);
        });
    }

    public static Op ioAdvise(Stateid stateid, long offset, long length, int... hints) {
        return Op.of(OpCode.IO_ADVISE, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeHyper(length);
            Bitmap4.of(hints).encode(out);
        });
    }

    // ---- copies

    public static Op cloneRange(Stateid source, Stateid target, long sourceOffset, long targetOffset, long count) {
        return Op.of(OpCode.CLONE, out -> {
            Wire.writeStateid(out, source);
            Wire.writeStateid(out, target);
            out.writeHyper(sourceOffset).writeHyper(targetOffset).writeHyper(count);
        });
    }

    /** COPY, consecutive and synchronous; from other servers, if there are any. */
    public static Op copy(
            Stateid source, Stateid target, long sourceOffset, long targetOffset, long count, String... servers) {
        return Op.of(OpCode.COPY, out -> {
            Wire.writeStateid(out, source);
            Wire.writeStateid(out, target);
            out.writeHyper(sourceOffset).writeHyper(targetOffset).writeHyper(count);
            out.writeBoolean(true).writeBoolean(true).writeInt(servers.length);
            for (String server : servers) {
                out.writeInt(1).writeUtf8(server);
            }
        });
    }

    public static Op offload(OpCode code, Stateid stateid) {
        return Op.of(code, out -> Wire.writeStateid(out, stateid));
    }

    // ---- extended attributes

    public static Op getXattr(String key) {
        return Op.of(OpCode.GETXATTR, out -> out.writeUtf8(key));
    }

    public static Op setXattr(int option, String key, byte[] value) {
        return Op.of(OpCode.SETXATTR, out -> out.writeInt(option).writeUtf8(key).writeOpaque(value));
    }

    public static Op listXattrs(long cookie, int maxBytes) {
        return Op.of(OpCode.LISTXATTRS, out -> out.writeHyper(cookie).writeInt(maxBytes));
    }

    public static Op removeXattr(String key) {
        return Op.of(OpCode.REMOVEXATTR, out -> out.writeUtf8(key));
    }
}
