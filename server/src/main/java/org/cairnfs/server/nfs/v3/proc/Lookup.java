package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LOOKUP (section 3.3.3): the file of a name in a directory; of the dots, the directory itself and the one above. */
record Lookup(Entry3 entry) implements Procedure {
    static Lookup decode(XdrReader in) throws XdrException {
        return new Lookup(Entry3.decode(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place directory = call.enter(entry.directory());
        Found found = find(call, directory);
        Wire3.writeHandle(result, found.place());
        Wire3.writePostOp(result, call, found.attributes());
        Wire3.writePostOp(result, call, call.attributesIfAny(directory));
    }

    private record Found(Place place, Attributes attributes) {}

    private Found find(Nfs3Call call, Place directory) throws Nfs3Exception, FsException {
        OpContext op = call.reading(directory);
        if (entry.isDotDot()) {
            FileHandle parent =
                    call.fileSystem().lookupParent(op, directory.handle()).handle();
            Place above = call.above(directory, parent);
            return new Found(above, call.attributes(above));
        }
        if (entry.isDot()) {
            Attributes attributes = call.attributes(directory);
            if (attributes.type() != FileType.DIRECTORY) {
                throw new Nfs3Exception(Nfs3Status.NOTDIR, "a name in what is no directory");
            }
            return new Found(directory, attributes);
        }
        Node node = call.fileSystem().lookup(op, directory.handle(), entry.name());
        return new Found(call.below(directory, node.handle()), node.attributes());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(entry.directory()));
    }
}
