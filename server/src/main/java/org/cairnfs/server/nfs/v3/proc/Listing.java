package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.DirectoryPage.DirectoryEntry;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportScope;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The result of READDIR and READDIRPLUS as it is written, within its bounds.
 *
 * <p>The file system is asked in pages that are estimated to fit, so that memory stays bounded by the reply. The dots come
 * first, which the file system does not list, with the cookies that it leaves free.
 */
final class Listing {
    private static final long COOKIE_OF_DOT = 1;
    private static final long COOKIE_OF_DOT_DOT = 2;
    private static final byte[] DOT = {'.'};
    private static final byte[] DOT_DOT = {'.', '.'};

    /** The verifier, the end of the list, and the end mark. */
    private static final int FRAME_BYTES = Long.BYTES + 2 * Integer.BYTES;

    /** What an entry takes beside its name: that another follows, a file id, the name's length, a cookie. */
    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;

    /** Attributes and handle with their marks and the handle's length, without the handle itself. */
    private static final int PLUS_BYTES = 2 * Integer.BYTES + 84 + Integer.BYTES;

    /** The handle of a file of the whole, padded; those of other exports are as long as handles may be. */
    private static final int WHOLE_HANDLE_BYTES = 44;

    private static final int USUAL_NAME_BYTES = 16;
    private static final int LARGEST_PAGE = 1024;

    private final Nfs3Call call;
    private final Place directory;
    private final boolean plus;
    private final int plusBytes;
    private XdrWriter out;
    private long end;
    private long nameBytesLeft;
    private int entries;

    /** @param plus whether handles and attributes go along */
    Listing(Nfs3Call call, Place directory, boolean plus) {
        this.call = call;
        this.directory = directory;
        this.plus = plus;
        boolean whole = directory.entrance().scope() == ExportScope.WHOLE;
        this.plusBytes = plus ? PLUS_BYTES + (whole ? WHOLE_HANDLE_BYTES : Wire3.MAX_HANDLE_BYTES) : 0;
    }

    /**
     * Writes the whole result.
     *
     * @param maxNameBytes of names, cookies and file ids, after which no more entries are wanted
     * @param maxBytes of the result; TOOSMALL if not one entry fits
     */
    void write(XdrWriter result, long cookie, long verifier, long maxNameBytes, long maxBytes)
            throws Nfs3Exception, FsException, XdrException {
        if (cookie < 0 || cookie != 0 && verifier != 0) {
            throw new Nfs3Exception(Nfs3Status.BAD_COOKIE, "a cookie that is none of ours");
        }
        out = result;
        long start = out.position();
        end = start + Math.min(maxBytes, out.remaining()) - FRAME_BYTES + Long.BYTES;
        nameBytesLeft = Math.max(1, maxNameBytes);
        Wire3.writePostOp(out, call, call.attributesIfAny(directory));
        out.writeHyper(0);
        boolean whole = fill(cookie);
        if (entries == 0 && !whole) {
            throw new Nfs3Exception(Nfs3Status.TOOSMALL, "not one entry fits into " + maxBytes + " bytes");
        }
        out.writeBoolean(false).writeBoolean(whole);
    }

    /** Writes entries until there is no more room; whether the directory ends with them. */
    private boolean fill(long cookie) throws FsException, XdrException {
        OpContext op = call.reading(directory);
        long last = cookie;
        DirectoryPage page = call.fileSystem().readdir(op, directory.handle(), after(last), pageSize(), true);
        if (last < COOKIE_OF_DOT) {
            if (!writeDot(directory.handle().inode(), DOT, COOKIE_OF_DOT)) {
                return false;
            }
            last = COOKIE_OF_DOT;
        }
        if (last < COOKIE_OF_DOT_DOT && !writeDot(parentId(), DOT_DOT, COOKIE_OF_DOT_DOT)) {
            return false;
        }
        while (true) {
            for (DirectoryEntry entry : page.entries()) {
                if (!writeEntry(entry)) {
                    return false;
                }
                last = entry.cookie();
            }
            if (page.end() || page.entries().isEmpty()) {
                return true;
            }
            page = call.fileSystem().readdir(op, directory.handle(), last, pageSize(), true);
        }
    }

    /** The file system's own cookies begin behind those of the dots. */
    private static long after(long cookie) {
        return cookie <= COOKIE_OF_DOT_DOT ? 0 : cookie;
    }

    private int pageSize() {
        long each = (long) ENTRY_BYTES + USUAL_NAME_BYTES + plusBytes;
        return (int) Math.min(LARGEST_PAGE, Math.max(0, end - out.position()) / each + 1);
    }

    /** Of the directory above, which needs no permission to be told; of the top of an export, its own. */
    private long parentId() {
        long own = directory.handle().inode();
        try {
            FileHandle above = call.fileSystem()
                    .lookupParent(new OpContext(Credentials.ROOT), directory.handle())
                    .handle();
            return call.above(directory, above).handle().inode();
        } catch (FsException e) {
            return own;
        }
    }

    private boolean writeDot(long fileId, byte[] name, long cookie) throws XdrException {
        if (!reserve(name.length)) {
            return false;
        }
        writeHead(fileId, name, cookie);
        if (plus) {
            out.writeBoolean(false).writeBoolean(false);
        }
        return true;
    }

    private boolean writeEntry(DirectoryEntry entry) throws XdrException {
        byte[] name = entry.name().bytes();
        if (!reserve(name.length)) {
            return false;
        }
        Node node = entry.node();
        writeHead(node.attributes().fileId(), name, entry.cookie());
        if (plus) {
            writePlus(node);
        }
        return true;
    }

    /** What is not this client's is listed by its name alone. */
    private void writePlus(Node node) throws XdrException {
        Entrance below = directory.entrance().down(node.handle());
        if (below.access().isEmpty()) {
            out.writeBoolean(false).writeBoolean(false);
            return;
        }
        Wire3.writePostOp(out, call, node.attributes());
        Wire3.writePostHandle(out, new Place(node.handle(), below));
    }

    /** Whether one more entry fits; if so, it counts. */
    private boolean reserve(int nameLength) {
        long padded = (nameLength + 3L) / 4 * 4;
        long size = ENTRY_BYTES + padded + plusBytes;
        if (nameBytesLeft <= 0 || out.position() + size > end) {
            return false;
        }
        nameBytesLeft -= ENTRY_BYTES - Integer.BYTES + padded;
        entries++;
        return true;
    }

    private void writeHead(long fileId, byte[] name, long cookie) throws XdrException {
        out.writeBoolean(true).writeHyper(fileId).writeOpaque(name).writeHyper(cookie);
    }
}
