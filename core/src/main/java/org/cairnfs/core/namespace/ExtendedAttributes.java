package org.cairnfs.core.namespace;

import java.util.List;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * Extended attributes, by the rules of xattr(7): the prefix of the name says who may.
 *
 * <p>The names of one inode take {@value #MAX_NAMES_BYTES} bytes together at most, a byte for the end of each included: what
 * listxattr(2) can answer. So removing an inode with all its attributes is one small step.
 *
 * <p>{@code security.capability} is not dropped by writes: over NFS no such attribute is seen (RFC 8276 carries {@code user.}
 * only), and a local kernel drops it itself.
 */
final class ExtendedAttributes {
    static final int MAX_NAMES_BYTES = 65_536;

    private final MetadataStore store;
    private final Writer writer;
    private final Handles handles;
    private final Guards guards;

    ExtendedAttributes(MetadataStore store, Writer writer, Handles handles, Guards guards) {
        this.store = store;
        this.writer = writer;
        this.handles = handles;
        this.guards = guards;
    }

    Bytes get(OpContext op, FileHandle handle, Name name) throws FsException {
        MetadataView view = store.view();
        InodeRow inode = handles.inode(view, handle);
        Prefix.of(name).checkRead(op.credentials(), inode);
        if (inode.xattrs() == 0) {
            throw noSuch(name); // As mostly: a local kernel asks for security.capability before each write.
        }
        return view.xattr(inode.inode(), name).map(XattrRow::value).orElseThrow(() -> noSuch(name));
    }

    /** The names; those of {@code trusted.} for the super-user only. */
    List<Name> list(OpContext op, FileHandle handle) throws FsException {
        MetadataView view = store.view();
        InodeRow inode = handles.inode(view, handle);
        if (inode.xattrs() == 0) {
            return List.of();
        }
        boolean all = op.credentials().isSuperUser();
        return view.xattrNames(inode.inode()).stream()
                .filter(name -> all || !Prefix.TRUSTED.holds(name))
                .toList();
    }

    DirectoryChange set(OpContext op, FileHandle handle, Name name, Bytes value, XattrFlag flag) throws FsException {
        if (!Prefix.isOne(name)) {
            // cp(1) tries ACLs on each file: what nobody may, and nobody has done before, is refused without a turn of
            // the writer.
            handles.inode(store.view(), handle);
            requireLength(value);
        }
        Prefix prefix = Prefix.of(name);
        return writer.changeOnce(op, false, Results::change, transaction -> {
            InodeRow inode = handles.toChange(transaction, handle);
            requireLength(value);
            prefix.checkWrite(op.credentials(), inode);
            boolean there = transaction.xattr(inode.inode(), name).isPresent();
            if (there && flag == XattrFlag.CREATE) {
                throw new FsException(Errno.EEXIST, "attribute " + name + " exists");
            }
            if (!there && flag == XattrFlag.REPLACE) {
                throw noSuch(name);
            }
            if (!there) {
                requireRoom(transaction, inode, name);
            }
            guards.beforeChange(op, inode);
            transaction.put(new XattrRow(inode.inode(), name, value, 0));
            return changed(transaction, inode, inode.xattrs() + (there ? 0 : 1));
        });
    }

    DirectoryChange remove(OpContext op, FileHandle handle, Name name) throws FsException {
        return writer.changeOnce(op, true, Results::change, transaction -> {
            InodeRow inode = handles.toChange(transaction, handle);
            Prefix.of(name).checkWrite(op.credentials(), inode);
            if (transaction.xattr(inode.inode(), name).isEmpty()) {
                throw noSuch(name);
            }
            guards.beforeChange(op, inode);
            transaction.delete(new RowKey.Xattr(inode.inode(), name));
            return changed(transaction, inode, inode.xattrs() - 1);
        });
    }

    private static void requireLength(Bytes value) throws FsException {
        if (value.length() > FileSystem.MAX_XATTR_BYTES) {
            throw new FsException(Errno.E2BIG, "an attribute value of " + value.length() + " bytes");
        }
    }

    private static DirectoryChange changed(Transaction transaction, InodeRow inode, int xattrs) {
        long change = transaction.nextChange();
        transaction.put(inode.edit()
                .xattrs(xattrs)
                .ctime(transaction.now())
                .change(change)
                .build());
        DirectoryChange result = new DirectoryChange(inode.change(), change);
        transaction.result(Results.encode(result));
        return result;
    }

    private static void requireRoom(Transaction transaction, InodeRow inode, Name name) throws FsException {
        int taken = 0;
        if (inode.xattrs() > 0) {
            for (Name other : transaction.xattrNames(inode.inode())) {
                taken += other.length() + 1;
            }
        }
        if (taken + name.length() + 1 > MAX_NAMES_BYTES) {
            throw new FsException(Errno.ENOSPC, "the attribute names of inode " + inode.inode() + " take too much");
        }
    }

    private static FsException noSuch(Name name) {
        return new FsException(Errno.ENODATA, "there is no attribute " + name);
    }

    /** The prefixes, each with its rule (xattr(7); the errno where it leaves one open is that of Linux). */
    private enum Prefix {
        /** For everybody, on files and directories, by their permission bits; in sticky directories for owners. */
        USER("user.") {
            @Override
            void checkRead(Credentials who, InodeRow inode) throws FsException {
                if (!hasContents(inode)) {
                    throw new FsException(Errno.ENODATA, "a " + inode.type() + " has no user attributes");
                }
                Permissions.require(who, inode, Access.READ);
            }

            @Override
            void checkWrite(Credentials who, InodeRow inode) throws FsException {
                boolean sticky = inode.isDirectory() && (inode.mode() & ModeBits.STICKY) != 0;
                if (!hasContents(inode) || sticky && !Permissions.isOwner(who, inode)) {
                    throw new FsException(Errno.EPERM, "no user attributes for inode " + inode.inode());
                }
                Permissions.require(who, inode, Access.WRITE);
            }

            private boolean hasContents(InodeRow inode) {
                return inode.isDirectory() || inode.type() == FileType.REGULAR;
            }
        },
        /** For the super-user, who alone knows of them. */
        TRUSTED("trusted.") {
            @Override
            void checkRead(Credentials who, InodeRow inode) throws FsException {
                if (!who.isSuperUser()) {
                    throw new FsException(Errno.ENODATA, "trusted attributes are the super-user's");
                }
            }

            @Override
            void checkWrite(Credentials who, InodeRow inode) throws FsException {
                requireSuperUser(who);
            }
        },
        /** Written by the super-user, read by everybody. */
        SECURITY("security.") {
            @Override
            void checkRead(Credentials who, InodeRow inode) {
                // Whatever the mode says.
            }

            @Override
            void checkWrite(Credentials who, InodeRow inode) throws FsException {
                requireSuperUser(who);
            }
        };

        private final String prefix;

        Prefix(String prefix) {
            this.prefix = prefix;
        }

        abstract void checkRead(Credentials who, InodeRow inode) throws FsException;

        abstract void checkWrite(Credentials who, InodeRow inode) throws FsException;

        boolean holds(Name name) {
            if (name.length() < prefix.length()) {
                return false;
            }
            for (int at = 0; at < prefix.length(); at++) {
                if (name.bytes()[at] != prefix.charAt(at)) {
                    return false;
                }
            }
            return true;
        }

        /** Whether {@link #of} knows the prefix, and the name is longer than it. */
        static boolean isOne(Name name) {
            for (Prefix candidate : values()) {
                if (candidate.holds(name)) {
                    return name.length() > candidate.prefix.length();
                }
            }
            return false;
        }

        /** Of a name; ENOTSUP for other prefixes, EINVAL for a prefix alone. */
        static Prefix of(Name name) throws FsException {
            for (Prefix candidate : values()) {
                if (candidate.holds(name)) {
                    if (name.length() == candidate.prefix.length()) {
                        throw new FsException(Errno.EINVAL, "an attribute name that is a prefix only: " + name);
                    }
                    return candidate;
                }
            }
            throw new FsException(Errno.ENOTSUP, "no attributes of this kind: " + name);
        }

        private static void requireSuperUser(Credentials who) throws FsException {
            if (!who.isSuperUser()) {
                throw new FsException(Errno.EPERM, "only the super-user sets such attributes");
            }
        }
    }
}
