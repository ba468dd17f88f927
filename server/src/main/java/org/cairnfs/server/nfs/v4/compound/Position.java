package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * A file handle with what goes along with it through SAVEFH and RESTOREFH, and what the exports make of steps from there.
 *
 * @param entrance too weak a caller goes on from there only to SECINFO
 * @param stateid the current stateid (RFC 8881 section 16.2.3.1.2); null if no operation has set one since
 */
record Position(FileHandle handle, Entrance entrance, Stateid stateid) {
    static NfsException wrongSecurity() {
        return new NfsException(NfsStatus.WRONGSEC, "exported to those only who authenticate, or encrypt, otherwise");
    }

    Position with(Stateid other) {
        return new Position(handle, entrance, other);
    }

    /** What the caller may do there; WRONGSEC if it would have to authenticate otherwise. */
    ExportAccess access() throws NfsException {
        return entrance.access().orElseThrow(Position::wrongSecurity);
    }

    void requireWritable() throws NfsException {
        if (!access().writable()) {
            throw new NfsException(NfsStatus.ROFS, "exported read-only");
        }
    }

    /** What lies in two exports is in two file systems for the client, as which the caller may be somebody else in each. */
    void requireTogetherWith(Position other) throws NfsException {
        if (entrance.isApartFrom(other.entrance)) {
            throw new NfsException(NfsStatus.XDEV, "the two are in different exports");
        }
    }

    /** Whether an entry of this directory is there for this client. */
    boolean shows(FileHandle entry) {
        return !entrance.isPassage() || !entrance.down(entry).isClosed();
    }

    /** What the exports say of a file in this directory: ACCESS if nothing; NOENT in a passage. */
    Entrance below(FileHandle child) throws NfsException {
        Entrance below = entrance.down(child);
        if (below.isClosed()) {
            throw new NfsException(
                    entrance.isPassage() ? NfsStatus.NOENT : NfsStatus.ACCESS, "not exported to this client");
        }
        return below;
    }

    /** What the exports say of the directory above this one; NOENT if nothing. */
    Entrance above(FileHandle parent) throws NfsException {
        Entrance above = entrance.up(handle, parent);
        if (above.isClosed()) {
            throw new NfsException(NfsStatus.NOENT, "nothing above is exported to this client");
        }
        return above;
    }
}
