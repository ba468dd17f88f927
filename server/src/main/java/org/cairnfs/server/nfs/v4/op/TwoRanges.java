package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.state.IoKind;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * What CLONE and COPY have in common: a range of the saved file, and where it is to appear in the current one.
 *
 * @param source stateid under which the saved file is read
 * @param target stateid under which the current file is written
 * @param sourceOffset unsigned
 * @param targetOffset unsigned
 * @param count bytes, unsigned; 0 for all to the end of the source
 */
record TwoRanges(Stateid source, Stateid target, long sourceOffset, long targetOffset, long count) {
    static TwoRanges decode(XdrReader in) throws XdrException {
        return new TwoRanges(
                Wire.readStateid(in), Wire.readStateid(in), in.readHyper(), in.readHyper(), in.readHyper());
    }

    /**
     * Checks the stateids and both files.
     *
     * @throws NfsException what is wrong with a stateid; ISDIR, SYMLINK, WRONG_TYPE; INVAL if the source range ends past the end of
     *     the source; FBIG
     */
    CloneRequest check(Compound compound, OpContext op) throws NfsException, FsException {
        FileHandle from = compound.saved();
        FileHandle to = compound.current();
        boolean fromOpen = IoAccess.byOpen(compound, from, compound.resolveSaved(source), IoKind.READ);
        boolean toOpen = IoAccess.byOpen(compound, to, compound.resolve(target), IoKind.WRITE);
        FileTypes.requireRegular(compound);
        var attributes = compound.fileSystem().getattr(op, from);
        if (attributes.type() != FileType.REGULAR) {
            throw new NfsException(ErrorMapping.notRegular(attributes.type(), compound.minorVersion()));
        }
        long size = attributes.size();
        if (sourceOffset < 0 || count < 0 || sourceOffset > size - count) {
            throw new NfsException(NfsStatus.INVAL, "past the end of the source, of " + size + " bytes");
        }
        long length = count == 0 ? size - sourceOffset : count;
        if (targetOffset < 0 || targetOffset > FileSystem.MAX_FILE_SIZE - length) {
            throw new NfsException(NfsStatus.FBIG, "beyond 2^63");
        }
        if (from.equals(to) && Math.abs(sourceOffset - targetOffset) < length) {
            throw new NfsException(NfsStatus.INVAL, "the ranges overlap");
        }
        return new CloneRequest(from, sourceOffset, to, targetOffset, length, fromOpen, toOpen);
    }
}
