package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.DirectoryWatch;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * CREATE (section 3.3.8): makes a regular file.
 *
 * @param how UNCHECKED takes a file that is there, GUARDED does not, EXCLUSIVE takes it if it was made by the same request
 * @param attributes to begin with; of EXCLUSIVE none
 * @param verifier of EXCLUSIVE, which a resend brings again; else 0
 */
record Create(Entry3 entry, How how, Sattr3 attributes, long verifier) implements Procedure {
    /** createmode3. */
    enum How {
        UNCHECKED,
        GUARDED,
        EXCLUSIVE
    }

    static Create decode(XdrReader in) throws XdrException {
        Entry3 entry = Entry3.decode(in);
        int mode = in.readInt();
        if (mode < 0 || mode >= How.values().length) {
            throw new XdrException("createmode3 is " + mode);
        }
        How how = How.values()[mode];
        return how == How.EXCLUSIVE
                ? new Create(entry, how, Sattr3.NONE, in.readHyper())
                : new Create(entry, how, Sattr3.decode(in), 0);
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place directory = call.enter(entry.directory());
        SetAttributes values = attributes.values();
        CreateRequest request = new CreateRequest(
                FileType.REGULAR,
                values,
                DeviceNumber.NONE,
                null,
                how == How.EXCLUSIVE ? verifier : null,
                how == How.UNCHECKED);
        OpContext op = call.changing(directory);
        DirectoryWatch watch = DirectoryWatch.of(call, directory);
        Created created = call.fileSystem().create(op, directory.handle(), entry.newName(), request);
        Node node = created.node();
        Place file = directory.at(node.handle());
        Attributes after = node.attributes();
        if (!created.created() && values.size() != null) {
            // Of a file that was there only the size is set: open(2) with O_CREAT and O_TRUNC.
            after = Resizing.set(call, call.changingMore(file), file, SetAttributes.ofSize(values.size()));
        }
        NewNode.write(result, call, file, after);
        watch.write(result, created.directory());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
