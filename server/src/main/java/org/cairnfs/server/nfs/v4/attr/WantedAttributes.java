package org.cairnfs.server.nfs.v4.attr;

import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * What a client wants to set: the meaning of a {@link Fattr4}.
 *
 * @param mask which attributes; what a reply calls attrset when all were set
 * @param values but for the bits of the mode that {@code modeMask} leaves out
 * @param modeMask which bits of the mode to set, 07777 unless mode_set_masked was used (RFC 8881 section 6.2.5)
 */
public record WantedAttributes(Bitmap4 mask, SetAttributes values, int modeMask) {
    private static final int ALL_MODE_BITS = 07777;
    private static final int MAX_OWNER_BYTES = 1024;
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int SET_TO_SERVER_TIME4 = 0;
    private static final int SET_TO_CLIENT_TIME4 = 1;

    /** Nothing to set. */
    public static final WantedAttributes NONE = new WantedAttributes(Bitmap4.EMPTY, SetAttributes.NONE, ALL_MODE_BITS);

    /**
     * Decodes the values.
     *
     * @throws NfsException ATTRNOTSUPP for an attribute that is not supported; INVAL for one that cannot be set, or a value
     *     that cannot be; BADOWNER; BADXDR
     */
    public static WantedAttributes of(Fattr4 fattr, int minorVersion, Owners owners) throws NfsException {
        Bitmap4 mask = fattr.mask();
        if (!mask.isSubsetOf(Attr.supported(minorVersion))) {
            throw new NfsException(NfsStatus.ATTRNOTSUPP, "an attribute that is not supported");
        }
        if (!mask.isSubsetOf(Attr.WRITABLE)) {
            throw new NfsException(NfsStatus.INVAL, "an attribute that cannot be set");
        }
        Attributes values = new Attributes();
        XdrReader in = new XdrReader(fattr.values());
        try {
            for (int number = mask.next(0); number >= 0; number = mask.next(number + 1)) {
                values.decode(in, Attr.of(number), owners);
            }
        } catch (XdrException e) {
            throw new NfsException(NfsStatus.BADXDR, e.getMessage());
        }
        if (in.remaining() != 0) {
            throw new NfsException(NfsStatus.BADXDR, in.remaining() + " bytes too many in the attributes");
        }
        return new WantedAttributes(mask, values.set, values.modeMask);
    }

    /** The values with a whole mode, given the present one. */
    public SetAttributes over(int presentMode) {
        return modeMask == ALL_MODE_BITS || values.mode() == null
                ? values
                : values.withMode(presentMode & ~modeMask | values.mode() & modeMask);
    }

    /** Whether the present mode must be known to tell the new one. */
    public boolean needsPresentMode() {
        return modeMask != ALL_MODE_BITS;
    }

    /** The values as they are being read. */
    private static final class Attributes {
        private SetAttributes set = SetAttributes.NONE;
        private int modeMask = ALL_MODE_BITS;

        private void decode(XdrReader in, Attr attr, Owners owners) throws XdrException, NfsException {
            switch (attr) {
                case SIZE -> set = set.withSize(size(in.readHyper()));
                case MODE -> set = set.withMode(mode(in.readInt()));
                case MODE_SET_MASKED -> {
                    require(set.mode() == null, "mode and mode_set_masked together");
                    set = set.withMode(mode(in.readInt()));
                    modeMask = mode(in.readInt());
                }
                case OWNER -> set = set.withOwner(owners.uid(in.readOpaque(MAX_OWNER_BYTES)), set.gid());
                case OWNER_GROUP -> set = set.withOwner(set.uid(), owners.gid(in.readOpaque(MAX_OWNER_BYTES)));
                case TIME_ACCESS_SET -> set = set.withTimes(time(in), set.mtime());
                case TIME_MODIFY_SET -> set = set.withTimes(set.atime(), time(in));
                default -> throw new IllegalArgumentException("cannot be set: " + attr);
            }
        }

        private static long size(long size) throws NfsException {
            if (size < 0) {
                throw new NfsException(NfsStatus.FBIG, "a size over 2^63-1");
            }
            return size;
        }

        private static int mode(int mode) throws NfsException {
            require((mode & ~ALL_MODE_BITS) == 0, "bits outside of the mode");
            return mode;
        }

        /** settime4 (RFC 8881 section 3.3.1). Times that 64 bits of nanoseconds cannot hold are refused. */
        private static SetTime time(XdrReader in) throws XdrException, NfsException {
            int how = in.readInt();
            if (how == SET_TO_SERVER_TIME4) {
                return SetTime.NOW;
            }
            if (how != SET_TO_CLIENT_TIME4) {
                throw new XdrException("time_how4 is " + how);
            }
            long seconds = in.readHyper();
            long nanos = in.readUnsignedInt();
            require(nanos < NANOS_PER_SECOND, "a time with too many nanoseconds");
            require(Math.abs(seconds / NANOS_PER_SECOND) < 9, "a time before 1684 or after 2255");
            return new SetTime.At(seconds * NANOS_PER_SECOND + nanos);
        }

        private static void require(boolean condition, String message) throws NfsException {
            if (!condition) {
                throw new NfsException(NfsStatus.INVAL, message);
            }
        }
    }
}
