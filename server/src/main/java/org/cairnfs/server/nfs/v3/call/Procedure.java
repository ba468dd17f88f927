package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** One call with its decoded arguments; immutable. */
public interface Procedure {
    /** Carries it out, and writes what follows the status OK. */
    void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException;

    /** Writes what follows any other status, for whatever reason it failed. */
    void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException;
}
