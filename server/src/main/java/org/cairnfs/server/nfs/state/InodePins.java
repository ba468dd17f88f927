package org.cairnfs.server.nfs.state;

import java.util.concurrent.Executor;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;

/** What client state needs of the file system: to keep open inodes alive. Called with no lock held. */
interface InodePins {
    void pin(FileHandle inode) throws FsException;

    void unpin(FileHandle inode);

    /** Nothing of before the restart will be reclaimed any more. */
    void endGrace();

    /**
     * Those of a file system.
     *
     * @param later runs what it is given some time later: clients send what was not answered before the restart again only
     *     once they have reclaimed everything, which may be what ends grace; and the file system forgets with its own
     *     grace what it could answer from the journal
     */
    static InodePins of(FileSystem files, Executor later) {
        return new InodePins() {
            @Override
            public void pin(FileHandle inode) throws FsException {
                files.pin(inode.ofInode());
            }

            @Override
            public void unpin(FileHandle inode) {
                files.unpin(inode.ofInode());
            }

            @Override
            public void endGrace() {
                later.execute(files::endGrace);
            }
        };
    }
}
