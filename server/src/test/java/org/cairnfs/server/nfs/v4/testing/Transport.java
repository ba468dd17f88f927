package org.cairnfs.server.nfs.v4.testing;

import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Carries the arguments of a COMPOUND to a server and brings its results. */
@FunctionalInterface
public interface Transport {
    XdrReader call(XdrWriter arguments) throws Exception;
}
