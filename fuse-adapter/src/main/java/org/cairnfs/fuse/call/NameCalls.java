package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;

/** Calls on names: look-up, making, linking, renaming and removing. Safe for any number of threads. */
public final class NameCalls {
    private static final int MODE_BITS = 07777;
    private static final int TYPE_SHIFT = 12;

    private final FileSystem fileSystem;
    private final Inodes inodes;
    private final Patience patience;

    NameCalls(FileSystem fileSystem, Inodes inodes, Patience patience) {
        this.fileSystem = fileSystem;
        this.inodes = inodes;
        this.patience = patience;
    }

    /** LOOKUP; the kernel has checked that the caller may search the directory. */
    public Entry lookup(Request request, long directory, byte[] name) throws Refusal {
        FileHandle in = inodes.get(directory).handle();
        return told(patience.runTrusted(request, op -> fileSystem.lookup(op, in, Name.of(name))));
    }

    /** The kernel forgets an inode that it was told of so many times. */
    public void forget(long inode, long times) {
        inodes.forget(inode, times);
    }

    /**
     * MKNOD, of anything but directories and symbolic links.
     *
     * @param mode type and permission bits as in {@code st_mode}, less the caller's umask
     * @param device as the kernel encodes it, see {@link #device}
     */
    public Entry mknod(Request request, long directory, byte[] name, int mode, int device) throws Refusal {
        FileType type = typeOf(mode);
        DeviceNumber numbers = type.isDevice() ? device(device) : DeviceNumber.NONE;
        return make(
                request,
                directory,
                name,
                new CreateRequest(type, SetAttributes.ofMode(mode & MODE_BITS), numbers, null, null, false));
    }

    /** MKDIR; the mode is less the caller's umask. */
    public Entry mkdir(Request request, long directory, byte[] name, int mode) throws Refusal {
        return make(request, directory, name, CreateRequest.directory(mode & MODE_BITS));
    }

    /** SYMLINK. */
    public Entry symlink(Request request, long directory, byte[] name, byte[] target) throws Refusal {
        return make(request, directory, name, CreateRequest.symlink(Bytes.ofTrusted(target)));
    }

    /** LINK: one more name for an inode. */
    public Entry link(Request request, long inode, long directory, byte[] name) throws Refusal {
        FileHandle target = inodes.get(inode).handle();
        FileHandle in = inodes.get(directory).handle();
        Attributes after = patience.run(request, op -> {
            fileSystem.link(op, target, in, Name.of(name));
            return fileSystem.getattr(op, target);
        });
        return new Entry(inodes.tell(target).number(), after);
    }

    /** RENAME; libfuse 2 lets no flags through. */
    public void rename(Request request, long source, byte[] name, long target, byte[] newName) throws Refusal {
        FileHandle from = inodes.get(source).handle();
        FileHandle to = inodes.get(target).handle();
        patience.run(
                request, op -> fileSystem.rename(op, from, Name.of(name), to, Name.of(newName), RenameFlag.REPLACE));
    }

    /** UNLINK, RMDIR. */
    public void remove(Request request, long directory, byte[] name, RemoveKind kind) throws Refusal {
        FileHandle in = inodes.get(directory).handle();
        patience.run(request, op -> fileSystem.remove(op, in, Name.of(name), kind));
    }

    /** READLINK. */
    public byte[] readlink(Request request, long inode) throws Refusal {
        FileHandle link = inodes.get(inode).handle();
        return patience.runTrusted(request, op -> fileSystem.readlink(op, link)).toArray();
    }

    private Entry make(Request request, long directory, byte[] name, CreateRequest wanted) throws Refusal {
        FileHandle in = inodes.get(directory).handle();
        return told(patience.run(
                request, op -> fileSystem.create(op, in, Name.of(name), wanted).node()));
    }

    private Entry told(Node node) {
        return new Entry(inodes.tell(node.handle()).number(), node.attributes());
    }

    private static FileType typeOf(int mode) throws Refusal {
        int code = mode >> TYPE_SHIFT & 0xf;
        try {
            // mknod(2): no type is a regular file.
            return code == 0 ? FileType.REGULAR : FileType.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw Refusal.of(new FsException(Errno.EINVAL, "mknod of type " + code));
        }
    }

    /** The 32 bits in which Linux tells of a device: 12 of the major number, 20 of the minor one. */
    static DeviceNumber device(int encoded) {
        return new DeviceNumber(encoded >>> 8 & 0xfff, encoded & 0xff | encoded >>> 12 & 0xfff00);
    }

    /** The opposite of {@link #device}; what does not fit is lost, as over any 32-bit device number. */
    public static int encode(DeviceNumber device) {
        return device.minor() & 0xff | (device.major() & 0xfff) << 8 | (device.minor() & 0xfff00) << 12;
    }
}
