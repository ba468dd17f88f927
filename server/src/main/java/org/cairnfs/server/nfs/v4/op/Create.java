package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Fattr4;
import org.cairnfs.server.nfs.v4.attr.Ftype4;
import org.cairnfs.server.nfs.v4.attr.WantedAttributes;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * CREATE (section 18.4): makes anything but a regular file in the current directory, and goes there.
 *
 * @param type nfs_ftype4 as it came
 * @param target of a symbolic link, else null
 */
record Create(int type, Bytes target, DeviceNumber device, Name name, Fattr4 attributes) implements Operation {
    private static final int MAX_TARGET_BYTES = 8192;

    static Create decode(XdrReader in) throws XdrException, NfsException {
        int type = in.readInt();
        Bytes target = type == Ftype4.NF4LNK ? Bytes.ofTrusted(in.readOpaque(MAX_TARGET_BYTES)) : null;
        DeviceNumber device = type == Ftype4.NF4BLK || type == Ftype4.NF4CHR
                ? new DeviceNumber(in.readInt(), in.readInt())
                : DeviceNumber.NONE;
        return new Create(type, target, device, Wire.readName(in), Fattr4.decode(in));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle directory = compound.current();
        FileType made = Ftype4.type(type)
                .filter(known -> known != FileType.REGULAR)
                .orElseThrow(() -> new NfsException(NfsStatus.BADTYPE, "cannot be made: type " + type));
        checkTarget();
        WantedAttributes wanted = WantedAttributes.of(
                attributes, compound.minorVersion(), compound.services().owners());
        if (wanted.values().size() != null) {
            throw new NfsException(NfsStatus.INVAL, "has no size");
        }
        CreateRequest request = new CreateRequest(made, wanted.over(0), device, target, null, false);
        Created created = compound.fileSystem().create(compound.changing(), directory, name, request);
        compound.moveTo(created.node().handle());
        Wire.writeChange(result, created.directory());
        wanted.mask().encode(result);
        return NfsStatus.OK;
    }

    private void checkTarget() throws NfsException {
        if (target == null) {
            return;
        }
        if (target.length() == 0) {
            throw new NfsException(NfsStatus.INVAL, "an empty target");
        }
        if (target.length() > FileSystem.MAX_SYMLINK_BYTES) {
            throw new NfsException(NfsStatus.NAMETOOLONG, "a target of " + target.length() + " bytes");
        }
    }
}
