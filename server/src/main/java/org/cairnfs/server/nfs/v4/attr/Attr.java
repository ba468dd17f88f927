package org.cairnfs.server.nfs.v4.attr;

import static org.cairnfs.server.nfs.v4.attr.Attr.Use.READ;
import static org.cairnfs.server.nfs.v4.attr.Attr.Use.READ_WRITE;
import static org.cairnfs.server.nfs.v4.attr.Attr.Use.WRITE;

import com.google.common.collect.ImmutableSet;

/**
 * The attributes that Cairn supports, with their numbers (RFC 7530 section 5.6 and 5.7, RFC 8881 section 5.6 to 5.12,
 * RFC 7862 section 12, RFC 8276 section 8.3).
 */
public enum Attr {
    SUPPORTED_ATTRS(0, READ),
    TYPE(1, READ),
    FH_EXPIRE_TYPE(2, READ),
    CHANGE(3, READ),
    SIZE(4, READ_WRITE),
    LINK_SUPPORT(5, READ),
    SYMLINK_SUPPORT(6, READ),
    NAMED_ATTR(7, READ),
    FSID(8, READ),
    UNIQUE_HANDLES(9, READ),
    LEASE_TIME(10, READ),
    RDATTR_ERROR(11, READ),
    ACLSUPPORT(13, READ),
    CANSETTIME(15, READ),
    CASE_INSENSITIVE(16, READ),
    CASE_PRESERVING(17, READ),
    CHOWN_RESTRICTED(18, READ),
    FILEHANDLE(19, READ),
    FILEID(20, READ),
    FILES_AVAIL(21, READ),
    FILES_FREE(22, READ),
    FILES_TOTAL(23, READ),
    HOMOGENEOUS(26, READ),
    MAXFILESIZE(27, READ),
    MAXLINK(28, READ),
    MAXNAME(29, READ),
    MAXREAD(30, READ),
    MAXWRITE(31, READ),
    MODE(33, READ_WRITE),
    NO_TRUNC(34, READ),
    NUMLINKS(35, READ),
    OWNER(36, READ_WRITE),
    OWNER_GROUP(37, READ_WRITE),
    QUOTA_AVAIL_HARD(38, READ),
    QUOTA_AVAIL_SOFT(39, READ),
    QUOTA_USED(40, READ),
    RAWDEV(41, READ),
    SPACE_AVAIL(42, READ),
    SPACE_FREE(43, READ),
    SPACE_TOTAL(44, READ),
    SPACE_USED(45, READ),
    TIME_ACCESS(47, READ),
    TIME_ACCESS_SET(48, WRITE),
    TIME_CREATE(50, READ),
    TIME_DELTA(51, READ),
    TIME_METADATA(52, READ),
    TIME_MODIFY(53, READ),
    TIME_MODIFY_SET(54, WRITE),
    MOUNTED_ON_FILEID(55, READ),
    MODE_SET_MASKED(74, WRITE, 1),
    SUPPATTR_EXCLCREAT(75, READ, 1),
    FS_CHARSET_CAP(76, READ, 1),
    CLONE_BLKSIZE(77, READ, 2),
    CHANGE_ATTR_TYPE(79, READ, 2),
    XATTR_SUPPORT(82, READ, 2);

    /** What a client may do with an attribute. */
    public enum Use {
        READ,
        READ_WRITE,
        WRITE
    }

    private final int number;
    private final Use use;
    private final int since;

    Attr(int number, Use use) {
        this(number, use, 0);
    }

    Attr(int number, Use use, int since) {
        this.number = number;
        this.use = use;
        this.since = since;
    }

    /** The attribute's bit. */
    public int number() {
        return number;
    }

    /** The attributes of a minor version. */
    public static Bitmap4 supported(int minorVersion) {
        return SUPPORTED[minorVersion];
    }

    /** What can be set but not asked for, in any minor version. */
    static final Bitmap4 WRITE_ONLY = select(Integer.MAX_VALUE, WRITE);

    /** What can be set, in any minor version. */
    static final Bitmap4 WRITABLE = WRITE_ONLY.or(select(Integer.MAX_VALUE, READ_WRITE));

    /** By minor version. */
    private static final Bitmap4[] SUPPORTED = {
        select(0, READ, READ_WRITE, WRITE), select(1, READ, READ_WRITE, WRITE), select(2, READ, READ_WRITE, WRITE)
    };

    private static final Attr[] BY_NUMBER = new Attr[Bitmap4.SIZE];

    static {
        for (Attr attr : values()) {
            BY_NUMBER[attr.number] = attr;
        }
    }

    /** The attribute of a number that is {@link #supported}. */
    static Attr of(int number) {
        return BY_NUMBER[number];
    }

    private static Bitmap4 select(int minorVersion, Use... uses) {
        ImmutableSet<Use> wanted = ImmutableSet.copyOf(uses);
        Bitmap4 set = Bitmap4.EMPTY;
        for (Attr attr : values()) {
            if (attr.since <= minorVersion && wanted.contains(attr.use)) {
                set = set.with(attr.number);
            }
        }
        return set;
    }
}
