package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.state.IoGrant;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.compound.Compound;

/** Whether I/O on a file is allowed under a stateid, as far as shares go. */
final class IoAccess {
    private IoAccess() {}

    /**
     * Checks the stateid of an operation that changes a file, and puts the change in the name of its client: its own delegations are not in the
     * way. The same errors as of {@link #byOpen}.
     */
    static IoGrant toChange(Compound compound, OpContext op, FileHandle file, Stateid stateid, IoKind kind)
            throws NfsException {
        Stateid meant = compound.resolve(stateid);
        IoGrant grant = compound.state().files().checkIo(compound.session(), meant, file, kind, compound.uid());
        if (!meant.isSpecial()) {
            op.setClient(meant.clientId());
        }
        return grant;
    }

    /**
     * Checks a stateid, as {@link Compound#resolve} gave it.
     *
     * @return whether the caller holds the file open for it, so that its mode is not asked again
     * @throws NfsException LOCKED, OPENMODE, GRACE, or what is wrong with the stateid
     */
    static boolean byOpen(Compound compound, FileHandle file, Stateid stateid, IoKind kind)
            throws NfsException, FsException {
        return compound.state()
                .files()
                .checkIo(compound.session(), stateid, file, kind, compound.uid())
                .byOpen();
    }
}
