package org.cairnfs.server.nfs.v4.op;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.named.UserAttributes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * LISTXATTRS (RFC 8276 section 8.4.3): the names of the extended attributes of the current file, as many as fit.
 *
 * <p>A cookie is a hash of the name before it, and the names come in the order of their hashes. So a listing in several parts
 * misses no name that was there throughout, and tells none twice, whatever is set and removed meanwhile.
 *
 * @param cookie of the last name that the client has, 0 from the start
 * @param maxBytes how long the result may be, unsigned
 */
record ListXattrs(long cookie, int maxBytes) implements Operation {
    /** The cookie, the number of names, and whether they were the last. */
    private static final int FRAME_BYTES = Long.BYTES + 2 * Integer.BYTES;

    /** A name with its place in the order. */
    private record Entry(long cookie, Bytes key) {
        private static Entry of(Bytes key) {
            // Never 0, which stands for the start.
            return new Entry(Hashing.murmur3_128().hashBytes(key.asBuffer()).asLong() >>> 1 | 1, key);
        }

        private int encodedBytes() {
            return Integer.BYTES + (key.length() + 3) / 4 * 4;
        }
    }

    static ListXattrs decode(XdrReader in) throws XdrException {
        return new ListXattrs(in.readHyper(), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        List<Entry> left = entries(compound);
        long room = Math.min(Integer.toUnsignedLong(maxBytes), result.remaining()) - FRAME_BYTES;
        int count = 0;
        while (count < left.size() && left.get(count).encodedBytes() <= room) {
            room -= left.get(count).encodedBytes();
            count++;
        }
        if (room < 0 || count == 0 && !left.isEmpty()) {
            throw new NfsException(NfsStatus.TOOSMALL, "not one name fits into " + maxBytes + " bytes");
        }
        result.writeHyper(count == 0 ? cookie : left.get(count - 1).cookie());
        result.writeInt(count);
        for (Entry entry : left.subList(0, count)) {
            result.writeOpaque(entry.key().toArray());
        }
        result.writeBoolean(count == left.size());
        return NfsStatus.OK;
    }

    private List<Entry> entries(Compound compound) throws NfsException, FsException {
        List<Entry> entries = new ArrayList<>();
        for (Name name : compound.fileSystem().listXattrs(compound.readingExported(), compound.current())) {
            UserAttributes.nameOf(name)
                    .map(Entry::of)
                    .filter(entry -> entry.cookie() > cookie)
                    .ifPresent(entries::add);
        }
        entries.sort(Comparator.comparingLong(Entry::cookie));
        return entries;
    }
}
