package org.cairnfs.server.app;

import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * What a server is made of: the seam between operating a server and what it does.
 *
 * @param volumes makes and opens file systems
 * @param nfs serves them
 * @param mounts mounts them on this machine
 */
public record Components(VolumeFactory volumes, NfsService.Starter nfs, MountService.Starter mounts) {
    /** One that mounts nothing. */
    public Components(VolumeFactory volumes, NfsService.Starter nfs) {
        this(volumes, nfs, (volume, held, wanted, operations, onFatalError) -> {
            throw new CairnException(ExitCode.NO_FUSE, "this server mounts nothing", "");
        });
    }
}
