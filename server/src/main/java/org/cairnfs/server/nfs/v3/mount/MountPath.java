package org.cairnfs.server.nfs.v3.mount;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;

/**
 * A path that a client wants to mount, walked name by name from the root; symbolic links are not followed.
 *
 * @param names without the empty ones between doubled slashes
 */
record MountPath(List<Name> names) {
    /** Parses dirpath, of which the empty one is the root; INVAL if it is relative, ACCES for the dots, NAMETOOLONG. */
    static MountPath of(byte[] path) throws Nfs3Exception {
        if (path.length > 0 && path[0] != '/') {
            throw new Nfs3Exception(Nfs3Status.INVAL, "not an absolute path");
        }
        List<Name> names = new ArrayList<>();
        // Latin-1 keeps every byte as it is.
        for (String part : new String(path, StandardCharsets.ISO_8859_1).split("/", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (part.equals(".") || part.equals("..")) {
                throw new Nfs3Exception(Nfs3Status.ACCES, "a path with dots");
            }
            try {
                names.add(Name.of(part.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (FsException e) {
                throw new Nfs3Exception(Nfs3Status.of(e.errno()), e.getMessage());
            }
        }
        return new MountPath(List.copyOf(names));
    }

    /** Whether a client may use a directory. */
    @FunctionalInterface
    interface Gate {
        boolean isOpen(FileHandle directory);
    }

    /**
     * The directory that the path leads to. Walked with all rights: an export may lie below what its clients cannot search.
     *
     * @param gate asked for the end of the path, or for the last directory on the way: who may not be there is told ACCES, and
     *     learns nothing of what is there
     */
    FileHandle walk(FileSystem fileSystem, Gate gate) throws Nfs3Exception {
        OpContext op = new OpContext(Credentials.ROOT);
        FileHandle at = fileSystem.root();
        try {
            for (Name name : names) {
                at = fileSystem.lookup(op, at, name).handle();
            }
            requireOpen(gate, at);
            Attributes attributes = fileSystem.getattr(op, at);
            if (attributes.type() != FileType.DIRECTORY) {
                throw new Nfs3Exception(Nfs3Status.NOTDIR, "no directory");
            }
            return at;
        } catch (FsException e) {
            requireOpen(gate, at);
            throw new Nfs3Exception(Nfs3Status.of(e.errno()), e.getMessage());
        }
    }

    private static void requireOpen(Gate gate, FileHandle at) throws Nfs3Exception {
        if (!gate.isOpen(at)) {
            throw new Nfs3Exception(Nfs3Status.ACCES, "not exported to this client");
        }
    }

    /** In its shortest form, made printable. */
    @Override
    public String toString() {
        return names.isEmpty() ? "/" : names.stream().map(name -> "/" + name).reduce("", String::concat);
    }
}
