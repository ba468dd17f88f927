package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.watch.OperationWatch;

/** What the procedures work with, the same for all calls; each part is safe for use by any number of threads. */
public record Nfs3Services(FileSystem fileSystem, ExportResolver exports, Limits limits, OperationWatch watch) {}
