package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
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

/** RENAME (section 3.3.14): moves a name, replacing what is at the target. */
record Rename(Entry3 from, Entry3 to) implements Procedure {
    static Rename decode(XdrReader in) throws XdrException {
        return new Rename(Entry3.decode(in), Entry3.decode(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place source = call.enter(from.directory());
        Place target = call.enter(to.directory());
        OpContext op = call.moving(source, target);
        DirectoryWatch sourceWatch = DirectoryWatch.of(call, source);
        DirectoryWatch targetWatch = DirectoryWatch.of(call, target);
        Renamed renamed = call.fileSystem()
                .rename(op, source.handle(), from.name(), target.handle(), to.name(), RenameFlag.REPLACE);
        sourceWatch.write(result, renamed.source());
        targetWatch.write(result, renamed.target());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, from.directory());
        Wire3.writeUnchanged(result, call, to.directory());
    }
}
