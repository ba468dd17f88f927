package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * OFFLOAD_STATUS and OFFLOAD_CANCEL (RFC 7862 sections 15.9 and 15.8): of an asynchronous copy. Every copy is done when it is
 * answered, so no stateid is of one.
 */
record OffloadQuery(Stateid stateid) implements Operation {
    static OffloadQuery decode(XdrReader in) throws XdrException {
        return new OffloadQuery(Wire.readStateid(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.current();
        throw new NfsException(NfsStatus.BAD_STATEID, "there are no asynchronous copies");
    }
}
