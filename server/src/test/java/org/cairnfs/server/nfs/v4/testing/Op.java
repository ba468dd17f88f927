package org.cairnfs.server.nfs.v4.testing;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** An operation of a compound as a client sends it: its number and its encoded arguments. */
public record Op(int number, Bytes encoded) {
    private static final int LARGEST = 4 << 20;

    /** Writes arguments. */
    @FunctionalInterface
    public interface Arguments {
        void write(XdrWriter out) throws XdrException;
    }

    /** The encoded arguments. */
    public byte[] arguments() {
        return encoded.toArray();
    }

    public static Op of(OpCode code, Arguments arguments) {
        return of(code.number(), arguments);
    }

    public static Op of(int number, Arguments arguments) {
        XdrWriter out = new XdrWriter(LARGEST);
        try {
            arguments.write(out);
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
        return new Op(number, Bytes.ofTrusted(out.toByteArray()));
    }
}
