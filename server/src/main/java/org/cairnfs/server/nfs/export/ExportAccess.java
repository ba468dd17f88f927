package org.cairnfs.server.nfs.export;

import org.cairnfs.core.fs.Credentials;

/**
 * How one caller may use the export that a file is in.
 *
 * @param writable whether anything may be changed
 * @param sync whether namespace operations are answered only when they survive power loss
 * @param credentials who the caller is to the file system, squashed as the export says
 */
public record ExportAccess(boolean writable, boolean sync, Credentials credentials) {}
