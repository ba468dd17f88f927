package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.AttributeEncoder;
import org.cairnfs.server.nfs.v4.attr.Fattr4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * VERIFY and NVERIFY (sections 18.31 and 18.15): ends the compound unless the current file has, or has not, these
 * attributes. They are equal when their encodings are, for each value has just one.
 *
 * @param same whether they are to be the same
 */
record Verify(boolean same, Fattr4 expected) implements Operation {
    private static final int MAX_VALUES_BYTES = 16 << 10;

    static Verify decode(XdrReader in, boolean same) throws XdrException {
        return new Verify(same, Fattr4.decode(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        boolean equal = ByteBuffer.wrap(present(compound)).equals(expected.values());
        if (equal != same) {
            throw new NfsException(same ? NfsStatus.NOT_SAME : NfsStatus.SAME);
        }
        return NfsStatus.OK;
    }

    private byte[] present(Compound compound) throws NfsException, FsException, XdrException {
        if (!expected.mask().isSubsetOf(Attr.supported(compound.minorVersion()))) {
            throw new NfsException(NfsStatus.ATTRNOTSUPP);
        }
        if (expected.mask().contains(Attr.RDATTR_ERROR.number())) {
            throw new NfsException(NfsStatus.INVAL, "rdattr_error cannot be compared");
        }
        AttributeEncoder encoder = compound.services().attributes();
        XdrWriter values = new XdrWriter(MAX_VALUES_BYTES);
        encoder.encodeValues(
                values,
                AttributeEncoder.readable(expected.mask(), compound.minorVersion()),
                compound.subject(compound.currentAttributes()),
                compound.minorVersion());
        return withoutLength(values);
    }

    private static byte[] withoutLength(XdrWriter values) {
        byte[] withLength = values.toByteArray();
        return java.util.Arrays.copyOfRange(withLength, Integer.BYTES, withLength.length);
    }
}
