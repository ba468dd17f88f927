package org.cairnfs.server.nfs.export;

import org.cairnfs.core.fs.FileHandle;

/**
 * The part of the file system that a caller sees under one export, and what lies at its borders.
 *
 * <p>A <i>passage</i> is no export: a directory on the way to one, of which only what leads there is seen (the pseudo file system of RFC 8881
 * section 7.3). It has the inode, the attributes and the handle of the real directory.
 */
public interface ExportScope {
    /** All of the file system, with nothing else exported in it. */
    ExportScope WHOLE = new ExportScope() {
        @Override
        public long root() {
            return HandleCodec.WHOLE;
        }

        @Override
        public boolean isPassage() {
            return false;
        }

        @Override
        public byte[] wire(FileHandle handle) {
            return handle.toBytes();
        }

        @Override
        public Entrance down(Entrance here, FileHandle child) {
            return here;
        }

        @Override
        public Entrance up(Entrance here, FileHandle directory, FileHandle parent) {
            return here;
        }
    };

    /** Inode of the directory that is exported, or {@link HandleCodec#WHOLE}, which is that of passages, too. */
    long root();

    boolean isPassage();

    /** The handle of a file that was come upon here, as the client gets it. */
    byte[] wire(FileHandle handle);

    /**
     * What the exports say of a file that a directory leads to by name.
     *
     * @param here what they say of the directory
     * @return that of another export if the file is the top of one; closed if the caller does not get there
     */
    Entrance down(Entrance here, FileHandle child);

    /**
     * What the exports say of the directory above one.
     *
     * @param here what they say of the directory
     * @return what is above the top of an export is in another one, or a passage; closed if it is neither
     */
    Entrance up(Entrance here, FileHandle directory, FileHandle parent);
}
