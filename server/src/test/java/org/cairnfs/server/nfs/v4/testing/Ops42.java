package org.cairnfs.server.nfs.v4.testing;

import org.cairnfs.server.nfs.v4.compound.OpCode;

/** The operations that NFSv4.2 adds, as a client encodes them: written from RFC 7863 and RFC 8276. */
public final class Ops42 {
    public static final int EITHER = 0;
    public static final int CREATE = 1;
    public static final int REPLACE = 2;

    private Ops42() {}

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
