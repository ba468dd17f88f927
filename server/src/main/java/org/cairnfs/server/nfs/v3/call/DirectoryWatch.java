package org.cairnfs.server.nfs.v3.call;

import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The wcc_data of a directory around one change of it (RFC 1813 section 2.6).
 *
 * <p>The directory is looked at before and after, by calls of their own. The change itself says between which two values of
 * the {@code change} attribute it happened; where both looks saw exactly those, nothing came between, and what they saw is as
 * good as taken with it. Otherwise nothing is told of before, so that the client drops what it has cached.
 */
public final class DirectoryWatch {
    private final Nfs3Call call;
    private final Place directory;
    private final Attributes before;

    private DirectoryWatch(Nfs3Call call, Place directory, Attributes before) {
        this.call = call;
        this.directory = directory;
        this.before = before;
    }

    /** Looks at a directory that is about to be changed. */
    public static DirectoryWatch of(Nfs3Call call, Place directory) throws FsException {
        return new DirectoryWatch(call, directory, call.attributes(directory));
    }

    /** Writes wcc_data after the change. */
    public void write(XdrWriter out, DirectoryChange change) throws XdrException {
        Optional<Attributes> after = call.attributesIfAny(directory);
        boolean undisturbed = before.change() == change.before()
                && after.isPresent()
                && after.get().change() == change.after();
        Wire3.writeChange(out, call, undisturbed ? Optional.of(PriorAttributes.of(before)) : Optional.empty(), after);
    }
}
