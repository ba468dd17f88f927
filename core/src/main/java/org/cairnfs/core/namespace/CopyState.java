package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;

/** What the work row of a copy holds: what is copied to where, and how far it is. */
final class CopyState {
    private CopyState() {}

    /**
     * What is copied.
     *
     * @param snapshot number of the hidden one that keeps the source as it is
     * @param epoch that it shows
     * @param source top of the tree
     * @param staging the hidden directory in which the copy is made
     * @param parent of the copy, or what is rolled back
     * @param quotaRoot for which the copy counts
     * @param incarnation of the server whose operator waits for it, of which it is given up in another; 0 if it goes on in any
     * @param name of the copy
     */
    record Arguments(
            long snapshot,
            long epoch,
            long source,
            long staging,
            long parent,
            long quotaRoot,
            long incarnation,
            Name name) {
        Bytes encode() {
            byte[] last = name.bytes();
            return Bytes.ofTrusted(ByteBuffer.allocate(7 * Long.BYTES + last.length)
                    .putLong(snapshot)
                    .putLong(epoch)
                    .putLong(source)
                    .putLong(staging)
                    .putLong(parent)
                    .putLong(quotaRoot)
                    .putLong(incarnation)
                    .put(last)
                    .array());
        }

        static Arguments decode(Bytes bytes) {
            ByteBuffer in = bytes.asBuffer();
            return new Arguments(
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    name(in));
        }

        private static Name name(ByteBuffer in) {
            byte[] last = new byte[in.remaining()];
            in.get(last);
            return Name.ofTrusted(last);
        }
    }

    /** What is done next. */
    enum Phase {
        /** Entries are copied. */
        COPY(0),
        /** The names by which copied hard links were found are taken away. */
        FORGET_LINKS(1),
        /** All is there. */
        ATTACH(2);

        private final int code;

        Phase(int code) {
            this.code = code;
        }

        private static Phase of(int code) {
            for (Phase phase : values()) {
                if (phase.code == code) {
                    return phase;
                }
            }
            throw new IllegalArgumentException("no phase of a copy: " + code);
        }
    }

    /**
     * How far it is.
     *
     * @param place where reading goes on
     * @param source the directory of the last entry that was copied
     * @param target its copy
     * @param entries that were copied
     * @param bytes of their files
     */
    record Cursor(Phase phase, CopySource.Place place, long source, long target, long entries, long bytes) {
        Bytes encode() {
            ByteBuffer out = ByteBuffer.allocate(1 + CopySource.Place.BYTES + 4 * Long.BYTES)
                    .put((byte) phase.code);
            place.write(out);
            return Bytes.ofTrusted(out.putLong(source)
                    .putLong(target)
                    .putLong(entries)
                    .putLong(bytes)
                    .array());
        }

        static Cursor decode(Bytes bytes) {
            ByteBuffer in = bytes.asBuffer();
            return new Cursor(
                    Phase.of(in.get()),
                    CopySource.Place.read(in),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong());
        }

        Cursor in(Phase next) {
            return new Cursor(next, place, source, target, entries, bytes);
        }
    }
}
