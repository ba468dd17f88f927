package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.DirectoryWatch;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * REMOVE and RMDIR (sections 3.3.12 and 3.3.13): removes a name from a directory.
 *
 * @param kind what the name must be of
 */
record Remove(Entry3 entry, RemoveKind kind) implements Procedure {
    static Remove decode(XdrReader in, RemoveKind kind) throws XdrException {
        return new Remove(Entry3.decode(in), kind);
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place directory = call.enter(entry.directory());
        OpContext op = call.changing(directory);
        DirectoryWatch watch = DirectoryWatch.of(call, directory);
        Name name = entry.isDotDot() ? entry.newName() : entry.name();
        watch.write(result, call.fileSystem().remove(op, directory.handle(), name, kind));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
