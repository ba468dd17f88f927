package org.cairnfs.server.app;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a server is to mount its file system on this machine.
 *
 * @param directory absolute, without symbolic links
 * @param allowOther whether others than the user of the server may use it
 * @param timeout for how long the kernel believes what it was told; so long a change over NFS may take to be seen
 * @param endsServer whether the server is there for the mount, and ends with it
 */
public record MountRequest(Path directory, boolean allowOther, Duration timeout, boolean endsServer) {}
