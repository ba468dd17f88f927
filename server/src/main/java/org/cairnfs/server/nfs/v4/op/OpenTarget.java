package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.state.OpenRequest;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.attr.WantedAttributes;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The file that an OPEN leads to, found or made, with its type and permissions checked.
 *
 * @param change of the directory, if the file was made now; else null
 * @param attributesSet what of the wanted attributes was or will be set
 * @param truncates whether a file that was there is to be cut to nothing
 */
record OpenTarget(FileHandle file, DirectoryChange change, Bitmap4 attributesSet, boolean truncates) {
    static OpenTarget find(Compound compound, Open open) throws NfsException, FsException {
        OpenClaim.Kind kind = open.claim().kind();
        if (kind != OpenClaim.Kind.NULL && open.how().creates()) {
            throw new NfsException(NfsStatus.INVAL, "only a name can be made");
        }
        return switch (kind) {
            case NULL -> open.how().creates() ? made(compound, open) : found(compound, open, lookup(compound, open));
            case DELEGATE_CUR -> found(compound, open, lookup(compound, open));
            case FH, PREVIOUS, DELEG_CUR_FH ->
                found(compound, open, new Node(compound.current(), compound.currentAttributes()));
            case DELEGATE_PREV, DELEG_PREV_FH ->
                throw new NfsException(NfsStatus.NOTSUPP, "delegations do not outlive a client");
        };
    }

    private static Node lookup(Compound compound, Open open) throws NfsException, FsException {
        return compound.lookup(open.claim().name());
    }

    private static OpenTarget made(Compound compound, Open open) throws NfsException, FsException {
        OpenHow how = open.how();
        WantedAttributes wanted = how.wanted(compound);
        Long size = wanted.values().size();
        boolean empty = size != null && size == 0;
        CreateRequest request = new CreateRequest(
                FileType.REGULAR,
                empty ? wanted.over(0).withSize(null) : wanted.over(0),
                DeviceNumber.NONE,
                null,
                how.mode().isExclusive() ? how.verifier() : null,
                how.mode() == OpenHow.Mode.UNCHECKED);
        Created created;
        try {
            OpContext op = compound.changing(open.identity());
            created = compound.fileSystem()
                    .create(op, compound.current(), open.claim().name(), request);
        } catch (FsException e) {
            boolean inTheWay = e.errno() == Errno.EEXIST || e.errno() == Errno.EISDIR;
            if (inTheWay && how.mode() == OpenHow.Mode.UNCHECKED) {
                requireRegular(lookup(compound, open));
            }
            throw e;
        }
        if (created.created() || how.mode().isExclusive()) {
            // Of a named attribute nothing else can be set.
            Bitmap4 set = created.node().handle().isInode()
                    ? wanted.mask()
                    : wanted.mask().and(Bitmap4.of(Attr.SIZE.number()));
            return new OpenTarget(created.node().handle(), created.directory(), set, false);
        }
        checkPermission(compound, open, created.node());
        if (empty) {
            // Now, and not when it is cut: a refusal must leave no open behind.
            compound.fileSystem()
                    .checkWritable(compound.writing(), created.node().handle());
        }
        return new OpenTarget(
                created.node().handle(),
                created.directory(),
                empty ? Bitmap4.of(Attr.SIZE.number()) : Bitmap4.EMPTY,
                empty);
    }

    private static OpenTarget found(Compound compound, Open open, Node node) throws NfsException, FsException {
        requireRegular(node);
        checkPermission(compound, open, node);
        return new OpenTarget(node.handle(), null, Bitmap4.EMPTY, false);
    }

    private static void requireRegular(Node node) throws NfsException {
        if (node.attributes().type() != FileType.REGULAR) {
            throw new NfsException(ErrorMapping.notOpenable(node.attributes().type()));
        }
    }

    /**
     * The mode is asked once, here. Whoever may execute a file may have it read by the kernel; and its owner may reclaim what
     * was open, however the mode has changed since. What is immutable is not opened for writing: PERM, whatever the mode.
     */
    private static void checkPermission(Compound compound, Open open, Node node) throws NfsException, FsException {
        int access = open.share().access();
        boolean read = (access & OpenRequest.READ) != 0;
        boolean write = (access & OpenRequest.WRITE) != 0;
        OpContext op = write ? compound.writing() : compound.reading();
        int wanted = (read ? Access.READ | Access.EXECUTE : 0) | (write ? Access.WRITE : 0);
        int granted = compound.fileSystem().access(op, node.handle(), wanted);
        boolean allowed =
                (!read || (granted & (Access.READ | Access.EXECUTE)) != 0) && (!write || (granted & Access.WRITE) != 0);
        boolean reclaimed = open.claim().kind() == OpenClaim.Kind.PREVIOUS;
        boolean reclaimedByOwner = reclaimed && node.attributes().uid() == compound.uid();
        if (write && !reclaimed) {
            compound.fileSystem().checkWritable(op, node.handle());
        }
        if (!allowed && !reclaimedByOwner) {
            throw new NfsException(NfsStatus.ACCESS, "the mode forbids it");
        }
    }

    /** Cuts a file that was there to nothing, if that was asked for: only now that the shares of others allow it. */
    void truncate(Compound compound, Open open) throws NfsException, FsException {
        if (!truncates) {
            return;
        }
        OpContext op = compound.changing(open.identity());
        if ((open.share().access() & OpenRequest.WRITE) != 0) {
            compound.fileSystem().setattrOpen(op, file, SetAttributes.ofSize(0));
        } else {
            compound.fileSystem().setattr(op, file, SetAttributes.ofSize(0));
        }
    }

    /** change_info4: where nothing was made, nothing is said of the directory, so that it need not be looked at. */
    void writeChange(XdrWriter out) throws XdrException {
        if (change == null) {
            out.writeBoolean(false).writeHyper(0).writeHyper(0);
        } else {
            Wire.writeChange(out, change);
        }
    }
}
