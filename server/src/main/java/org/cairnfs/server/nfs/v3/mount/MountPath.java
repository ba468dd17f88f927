package org.cairnfs.server.nfs.v3.mount;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.export.Entrance;
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

    /** Where a path leads to, and what the exports say there. */
    record Found(FileHandle handle, Entrance entrance) {}

    /**
     * The directory that the path leads to. Walked with all rights: an export may lie below what its clients cannot search.
     *
     * @param root what the exports say of the root
     * @throws Nfs3Exception ACCES where nothing is exported at the end of the path, or in the last directory on the way: who may not be there
     *     learns nothing of what is there
     */
    Found walk(FileSystem fileSystem, Entrance root) throws Nfs3Exception {
        OpContext op = new OpContext(Credentials.ROOT);
        FileHandle at = fileSystem.root();
        Entrance entrance = root;
        try {
            for (Name name : names) {
                at = fileSystem.lookup(op, at, name).handle();
                entrance = entrance.down(at);
            }
            requireExported(entrance);
            if (fileSystem.getattr(op, at).type() != FileType.DIRECTORY) {
                throw new Nfs3Exception(Nfs3Status.NOTDIR, "no directory");
            }
            return new Found(at, entrance);
        } catch (FsException e) {
            requireExported(entrance);
            throw new Nfs3Exception(Nfs3Status.of(e.errno()), e.getMessage());
        }
    }

    private static void requireExported(Entrance entrance) throws Nfs3Exception {
        if (entrance.isClosed() || entrance.isPassage()) {
            throw new Nfs3Exception(Nfs3Status.ACCES, "not exported to this client");
        }
    }

    /** In its shortest form, made printable. */
    @Override
    public String toString() {
        return names.isEmpty() ? "/" : names.stream().map(name -> "/" + name).reduce("", String::concat);
    }
}
