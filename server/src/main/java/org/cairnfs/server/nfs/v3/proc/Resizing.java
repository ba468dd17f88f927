package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;

/**
 * Setting attributes as a server without opens must: whoever owns a file may set its size whatever its mode says, for the
 * client may have opened it before the mode was changed (section 4.4).
 */
final class Resizing {
    private Resizing() {}

    static Attributes set(Nfs3Call call, OpContext op, Place place, SetAttributes values) throws FsException {
        boolean byOwner = values.size() != null
                && call.attributes(place).uid() == op.credentials().uid();
        return byOwner
                ? call.fileSystem().setattrOpen(op, place.handle(), values)
                : call.fileSystem().setattr(op, place.handle(), values);
    }
}
