package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.DirectoryWatch;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** What CREATE, MKDIR, SYMLINK and MKNOD answer of what they have made, and how the latter three make it. */
final class NewNode {
    private NewNode() {}

    /** Makes something that must not be there, and writes the whole answer. */
    static void make(Nfs3Call call, XdrWriter result, Entry3 entry, CreateRequest request)
            throws Nfs3Exception, FsException, XdrException {
        Place directory = call.enter(entry.directory());
        OpContext op = call.changing(directory);
        DirectoryWatch watch = DirectoryWatch.of(call, directory);
        Created created = call.fileSystem().create(op, directory.handle(), entry.newName(), request);
        write(
                result,
                call,
                directory.at(created.node().handle()),
                created.node().attributes());
        watch.write(result, created.directory());
    }

    /** Writes its handle and its attributes. */
    static void write(XdrWriter result, Nfs3Call call, Place made, Attributes attributes) throws XdrException {
        Wire3.writePostHandle(result, made);
        Wire3.writePostOp(result, call, attributes);
    }

    /** The attributes of what has no size. */
    static SetAttributes withoutSize(Sattr3 attributes) throws Nfs3Exception {
        return attributes.values().withSize(null);
    }
}
