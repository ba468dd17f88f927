package org.cairnfs.server.nfs.v4.attr;

import java.util.UUID;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Writes the attributes of an inode as a fattr4, in ascending order of their numbers (RFC 8881 section 3.3.8).
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class AttributeEncoder {
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int FH4_PERSISTENT = 0;

    /** Names are bytes; there is no promise that they are UTF-8 (RFC 8881 section 14.4). */
    private static final int FSCHARSET_CAP4_CONTAINS_NON_UTF8 = 1;

    /** A later change always has a larger number (RFC 7862 section 12.2.3). */
    private static final int NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR = 0;

    private static final Bitmap4 OF_FILE_SYSTEM = Bitmap4.of(
            Attr.FILES_AVAIL.number(),
            Attr.FILES_FREE.number(),
            Attr.FILES_TOTAL.number(),
            Attr.QUOTA_AVAIL_HARD.number(),
            Attr.QUOTA_AVAIL_SOFT.number(),
            Attr.QUOTA_USED.number(),
            Attr.SPACE_AVAIL.number(),
            Attr.SPACE_FREE.number(),
            Attr.SPACE_TOTAL.number());

    private final Limits limits;
    private final int leaseSeconds;
    private final Owners owners;

    public AttributeEncoder(Limits limits, int leaseSeconds, Owners owners) {
        this.limits = limits;
        this.leaseSeconds = leaseSeconds;
        this.owners = owners;
    }

    /**
     * Which of the requested attributes can be given: the supported ones.
     *
     * @throws NfsException INVAL if one that can only be set is among them (RFC 8881 section 5.5)
     */
    public static Bitmap4 readable(Bitmap4 requested, int minorVersion) throws NfsException {
        Bitmap4 supported = requested.and(Attr.supported(minorVersion));
        if (supported.intersects(Attr.WRITE_ONLY)) {
            throw new NfsException(NfsStatus.INVAL, "an attribute that can only be set was asked for");
        }
        return supported;
    }

    /**
     * Writes a fattr4.
     *
     * @param wanted from {@link #readable}
     */
    public void encode(XdrWriter out, Bitmap4 wanted, Subject subject, int minorVersion)
            throws XdrException, FsException {
        wanted.encode(out);
        encodeValues(out, wanted, subject, minorVersion);
    }

    /** Writes a fattr4 of one attribute, rdattr_error: why the others cannot be told (RFC 8881 section 5.8.1.12). */
    public static void encodeError(XdrWriter out, NfsStatus error) throws XdrException {
        Bitmap4.of(Attr.RDATTR_ERROR.number()).encode(out);
        out.writeInt(Integer.BYTES).writeInt(error.code());
    }

    /** Writes an attrlist4: the values alone, with their length in bytes before them. */
    public void encodeValues(XdrWriter out, Bitmap4 wanted, Subject subject, int minorVersion)
            throws XdrException, FsException {
        int lengthAt = out.position();
        out.writeInt(0);
        FsStatistics statistics =
                wanted.intersects(OF_FILE_SYSTEM) ? subject.statistics().get() : null;
        for (int number = wanted.next(0); number >= 0; number = wanted.next(number + 1)) {
            if (OF_FILE_SYSTEM.contains(number)) {
                encodeStatistic(out, Attr.of(number), statistics);
            } else {
                encodeValue(out, Attr.of(number), subject, minorVersion);
            }
        }
        out.setInt(lengthAt, out.position() - lengthAt - Integer.BYTES);
    }

    private static void encodeStatistic(XdrWriter out, Attr attr, FsStatistics statistics) throws XdrException {
        switch (attr) {
            case FILES_AVAIL, FILES_FREE -> out.writeHyper(statistics.freeInodes());
            case FILES_TOTAL -> out.writeHyper(statistics.totalInodes());
            // Outside of trees with a quota, of the whole (RFC 8881 section 5.8.2).
            case QUOTA_AVAIL_HARD -> out.writeHyper(statistics.hardRoomBytes());
            case QUOTA_AVAIL_SOFT -> out.writeHyper(statistics.softRoomBytes());
            case QUOTA_USED -> out.writeHyper(statistics.usedBytes());
            case SPACE_AVAIL, SPACE_FREE -> out.writeHyper(statistics.freeBytes());
            case SPACE_TOTAL -> out.writeHyper(statistics.totalBytes());
            default -> throw new IllegalArgumentException("not of the file system: " + attr);
        }
    }

    private void encodeValue(XdrWriter out, Attr attr, Subject subject, int minorVersion)
            throws XdrException, FsException {
        Attributes of = subject.attributes();
        switch (attr) {
            case SUPPORTED_ATTRS -> Attr.supported(minorVersion).encode(out);
            case TYPE -> out.writeInt(Ftype4.of(subject.handle(), of.type()));
            case FH_EXPIRE_TYPE -> out.writeInt(FH4_PERSISTENT);
            case CHANGE -> out.writeHyper(of.change());
            case SIZE -> out.writeHyper(of.size());
            case LINK_SUPPORT, SYMLINK_SUPPORT, UNIQUE_HANDLES -> out.writeBoolean(true);
            case CANSETTIME, CASE_PRESERVING, CHOWN_RESTRICTED, HOMOGENEOUS, NO_TRUNC -> out.writeBoolean(true);
            case CASE_INSENSITIVE -> out.writeBoolean(false);
            case NAMED_ATTR -> out.writeBoolean(subject.hasNamedAttributes().get());
            case FSID -> encodeFsid(out, subject.handle().fileSystem());
            case LEASE_TIME -> out.writeInt(leaseSeconds);
            case RDATTR_ERROR -> out.writeInt(NfsStatus.OK.code());
            case ACLSUPPORT -> out.writeInt(0);
            case FILEHANDLE -> out.writeOpaque(subject.entrance().wire(subject.handle()));
            case FILEID, MOUNTED_ON_FILEID -> out.writeHyper(of.fileId());
            case MAXFILESIZE -> out.writeHyper(FileSystem.MAX_FILE_SIZE);
            case MAXLINK -> out.writeInt(FileSystem.MAX_LINKS);
            case MAXNAME -> out.writeInt(Name.MAX_BYTES);
            case MAXREAD -> out.writeHyper(limits.maxRead());
            case MAXWRITE -> out.writeHyper(limits.maxWrite());
            case MODE -> out.writeInt(of.mode());
            case NUMLINKS -> out.writeInt(of.nlink());
            case OWNER -> out.writeOpaque(owners.owner(of.uid()));
            case OWNER_GROUP -> out.writeOpaque(owners.group(of.gid()));
            case RAWDEV ->
                out.writeInt(of.device().major()).writeInt(of.device().minor());
            case SPACE_USED -> out.writeHyper(of.used());
            case TIME_ACCESS -> encodeTime(out, of.atime());
            case TIME_CREATE -> encodeTime(out, of.btime());
            case TIME_DELTA -> encodeTime(out, 1);
            case TIME_METADATA -> encodeTime(out, of.ctime());
            case TIME_MODIFY -> encodeTime(out, of.mtime());
            case SUPPATTR_EXCLCREAT ->
                Attr.WRITABLE.and(Attr.supported(minorVersion)).encode(out);
            case FS_CHARSET_CAP -> out.writeInt(FSCHARSET_CAP4_CONTAINS_NON_UTF8);
            case CHANGE_ATTR_TYPE -> out.writeInt(NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR);
            // Any offset will do.
            case CLONE_BLKSIZE -> out.writeInt(1);
            case XATTR_SUPPORT -> out.writeBoolean(subject.handle().isInode());
            default -> throw new IllegalArgumentException("cannot be read: " + attr);
        }
    }

    private static void encodeFsid(XdrWriter out, UUID fileSystem) throws XdrException {
        out.writeHyper(fileSystem.getMostSignificantBits()).writeHyper(fileSystem.getLeastSignificantBits());
    }

    /** nfstime4 (RFC 8881 section 3.3.1): the nanoseconds count upwards, before 1970 as well. */
    private static void encodeTime(XdrWriter out, long nanos) throws XdrException {
        out.writeHyper(Math.floorDiv(nanos, NANOS_PER_SECOND));
        out.writeInt(Math.floorMod(nanos, NANOS_PER_SECOND));
    }
}
