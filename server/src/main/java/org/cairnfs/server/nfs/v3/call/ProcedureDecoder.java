package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** Decodes the arguments of any procedure. */
@FunctionalInterface
public interface ProcedureDecoder {
    /** @throws XdrException if they are not of the form that RFC 1813 gives them; what they mean is not looked at */
    Procedure decode(ProcedureNumber number, XdrReader arguments) throws XdrException;
}
