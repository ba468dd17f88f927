package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;

/** What client state needs of the file system: to keep open inodes alive. Called with no lock held. */
interface InodePins {
    void pin(FileHandle inode) throws FsException;

    void unpin(FileHandle inode);

    /** Nothing of before the restart will be reclaimed any more. */
    void endGrace();

    static InodePins of(FileSystem files) {
        return new InodePins() {
            @Override
            public void pin(FileHandle inode) throws FsException {
                files.pin(inode);
            }

            @Override
            public void unpin(FileHandle inode) {
                files.unpin(inode);
            }

            @Override
            public void endGrace() {
                files.endGrace();
            }
        };
    }
}
