package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.DirectoryPage.DirectoryEntry;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.AttributeEncoder;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.ErrorMapping;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The entries of a READDIR's result as they are written, within a bound. */
final class DirectoryList {
    /** What an entry takes at least: that another follows, a cookie, a name and its length, an empty fattr4. */
    private static final int SMALLEST_ENTRY_BYTES = Integer.BYTES + Long.BYTES + 2 * Integer.BYTES + 2 * Integer.BYTES;

    /** What an entry takes with the attributes that clients ask for, as long as none has been seen. */
    private static final int USUAL_ENTRY_BYTES = 224;

    private static final int LARGEST_PAGE = 1024;

    /** Attributes that are of the directory that lists, and not of what is mounted on its entry (section 5.8.2.23). */
    private static final Bitmap4 TOLD_AT_A_BORDER =
            Bitmap4.of(Attr.RDATTR_ERROR.number(), Attr.MOUNTED_ON_FILEID.number());

    private final XdrWriter out;
    private final int start;
    private final int maxBytes;
    private final long maxNameBytes;
    private int entries;
    private long nameBytes;

    /**
     * @param maxBytes of all entries
     * @param maxNameBytes of names and cookies, after which no more entries are wanted
     */
    DirectoryList(XdrWriter out, int maxBytes, long maxNameBytes) {
        this.out = out;
        this.start = out.position();
        this.maxBytes = maxBytes;
        this.maxNameBytes = maxNameBytes;
    }

    boolean isEmpty() {
        return entries == 0;
    }

    /**
     * Writes entries until there is no more room.
     *
     * @return whether the directory ends with them
     */
    boolean fill(Compound compound, Bitmap4 wanted, long after) throws NfsException, FsException, XdrException {
        long last = after;
        while (true) {
            DirectoryPage page = compound.fileSystem()
                    .readdir(compound.reading(), compound.current(), last, pageSize(), needsAttributes(wanted));
            for (DirectoryEntry entry : page.entries()) {
                if (!compound.shows(entry.node().handle())) {
                    last = entry.cookie();
                    continue;
                }
                if (nameBytes >= maxNameBytes || !write(compound, wanted, entry)) {
                    return false;
                }
                last = entry.cookie();
            }
            if (page.end() || page.entries().isEmpty()) {
                return true;
            }
        }
    }

    private int pageSize() {
        int written = out.position() - start;
        int each = entries == 0 ? USUAL_ENTRY_BYTES : Math.max(1, written / entries);
        return Math.min(LARGEST_PAGE, (maxBytes - written) / each + 1);
    }

    private static boolean needsAttributes(Bitmap4 wanted) {
        return !wanted.isSubsetOf(Bitmap4.of(Attr.RDATTR_ERROR.number(), Attr.FILEHANDLE.number()));
    }

    /** Writes one entry; if it does not fit, nothing. */
    private boolean write(Compound compound, Bitmap4 wanted, DirectoryEntry entry)
            throws NfsException, FsException, XdrException {
        int before = out.position();
        if (maxBytes - (before - start) < SMALLEST_ENTRY_BYTES) {
            return false;
        }
        try {
            out.writeBoolean(true)
                    .writeHyper(entry.cookie())
                    .writeOpaque(entry.name().bytes());
            writeAttributes(compound, wanted, entry);
        } catch (XdrException e) {
            // The limit of the whole reply: the entry does not fit, and there is no other reason.
            out.truncate(before);
            return false;
        }
        if (out.position() - start > maxBytes) {
            out.truncate(before);
            return false;
        }
        entries++;
        nameBytes += Long.BYTES + entry.name().length();
        return true;
    }

    /** An entry whose attributes cannot be told says so itself, if the client asked for that (section 5.8.1.12). */
    private void writeAttributes(Compound compound, Bitmap4 wanted, DirectoryEntry entry)
            throws NfsException, FsException, XdrException {
        int before = out.position();
        Node node = entry.node();
        Entrance below = compound.entrance().down(node.handle());
        if (below.access().isEmpty() && !wanted.isSubsetOf(TOLD_AT_A_BORDER)) {
            writeWithheld(wanted, below);
            return;
        }
        try {
            compound.services()
                    .attributes()
                    .encode(out, wanted, compound.subjectBelow(node, below), compound.minorVersion());
        } catch (FsException e) {
            if (!wanted.contains(Attr.RDATTR_ERROR.number())) {
                throw e;
            }
            out.truncate(before);
            AttributeEncoder.encodeError(out, ErrorMapping.statusOf(e.errno()));
        }
    }

    /**
     * The top of another export, at which the client would have to authenticate otherwise to see its attributes, or is not let in at all. A
     * client that does not ask for rdattr_error is told the former by the whole READDIR, as nothing else would lead it to SECINFO; the
     * latter is nothing that it could help, and is listed by its name alone.
     */
    private void writeWithheld(Bitmap4 wanted, Entrance below) throws NfsException, XdrException {
        boolean asked = wanted.contains(Attr.RDATTR_ERROR.number());
        if (below.isTooWeak() && !asked) {
            throw new NfsException(NfsStatus.WRONGSEC, "an entry is exported to those only who authenticate otherwise");
        }
        if (asked) {
            AttributeEncoder.encodeError(out, below.isTooWeak() ? NfsStatus.WRONGSEC : NfsStatus.ACCESS);
        } else {
            Bitmap4.EMPTY.encode(out);
            out.writeInt(0);
        }
    }
}
