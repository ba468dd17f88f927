package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Runs an operation on an open or lock stateid: in 4.1 as it is, in 4.0 in the order of the stateid's owner. */
final class StatefulOperation {
    private StatefulOperation() {}

    static NfsStatus run(Compound compound, XdrWriter result, Stateid stateid, int seqid, Operation operation)
            throws NfsException, FsException, XdrException {
        compound.current();
        return compound.session().isPresent()
                ? operation.execute(compound, result)
                : OwnerSequence.run(
                        compound, result, () -> compound.state().files().turn(stateid, seqid), operation);
    }
}
