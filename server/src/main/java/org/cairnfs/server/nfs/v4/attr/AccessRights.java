package org.cairnfs.server.nfs.v4.attr;

import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.FileType;

/**
 * The rights that ACCESS asks for, the same bits in NFSv3 (RFC 1813 section 3.3.4) and NFSv4 (RFC 8881 section 18.1); from 4.2
 * on, those to extended attributes too (RFC 8276 section 8.3.1).
 *
 * @param answered those of the wanted ones that mean something for the kind of file
 * @param directory whether it is a directory
 */
public record AccessRights(int answered, boolean directory) {
    private static final int READ = 0x01;
    private static final int LOOKUP = 0x02;
    private static final int MODIFY = 0x04;
    private static final int EXTEND = 0x08;
    private static final int DELETE = 0x10;
    private static final int EXECUTE = 0x20;
    private static final int XATTR_READ = 0x40;
    private static final int XATTR_WRITE = 0x80;
    private static final int XATTR_LIST = 0x100;
    private static final int OF_DIRECTORIES = READ | LOOKUP | MODIFY | EXTEND | DELETE;
    private static final int OF_FILES = READ | MODIFY | EXTEND | EXECUTE;
    private static final int OF_XATTRS = XATTR_READ | XATTR_WRITE | XATTR_LIST;

    /** Those of the wanted bits that can be answered. */
    public static AccessRights of(int wanted, boolean directory) {
        return new AccessRights(wanted & (directory ? OF_DIRECTORIES : OF_FILES), directory);
    }

    /** The same, with those to the extended attributes of what has such. */
    public static AccessRights withXattrs(int wanted, FileType type) {
        AccessRights rights = of(wanted, type == FileType.DIRECTORY);
        boolean has = type == FileType.DIRECTORY || type == FileType.REGULAR;
        return has ? new AccessRights(rights.answered | wanted & OF_XATTRS, rights.directory) : rights;
    }

    /** The {@link Access} bits that the file system has to be asked for. */
    public int modeBits() {
        int bits = (answered & (READ | XATTR_READ)) != 0 ? Access.READ : 0;
        if ((answered & (MODIFY | EXTEND | DELETE | XATTR_WRITE)) != 0) {
            bits |= Access.WRITE;
        }
        if ((answered & (directory ? LOOKUP | MODIFY | EXTEND | DELETE : EXECUTE)) != 0) {
            bits |= Access.EXECUTE;
        }
        return bits;
    }

    /** The rights that follow from the {@link Access} bits that the caller has. */
    public int granted(int modeBits) {
        // Names of attributes are told to everybody, as listxattr(2) does.
        int rights = XATTR_LIST;
        if ((modeBits & Access.READ) != 0) {
            rights |= READ | XATTR_READ;
        }
        boolean execute = (modeBits & Access.EXECUTE) != 0;
        if (execute) {
            rights |= LOOKUP | EXECUTE;
        }
        if ((modeBits & Access.WRITE) != 0) {
            rights |= XATTR_WRITE;
        }
        // Names can be changed only by those who may also reach them.
        if ((modeBits & Access.WRITE) != 0 && (execute || !directory)) {
            rights |= MODIFY | EXTEND | DELETE;
        }
        return rights & answered;
    }
}
