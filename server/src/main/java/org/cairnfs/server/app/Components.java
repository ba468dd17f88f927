package org.cairnfs.server.app;

/**
 * What a server is made of: the seam between operating a server and what it does.
 *
 * @param volumes makes and opens file systems
 * @param nfs serves them
 */
public record Components(VolumeFactory volumes, NfsService.Starter nfs) {}
