package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.state.NfsState;
import org.cairnfs.server.nfs.v4.attr.AttributeEncoder;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.attr.Owners;
import org.cairnfs.server.nfs.v4.named.NamedAttributes;
import org.cairnfs.server.nfs.watch.OperationWatch;

/** What the operations work with, the same for all requests; each part is safe for use by any number of threads. */
public record NfsServices(
        FileSystem fileSystem,
        NfsState state,
        ExportResolver exports,
        Owners owners,
        Limits limits,
        AttributeEncoder attributes,
        OperationWatch watch) {

    public static NfsServices of(
            FileSystem fileSystem,
            NfsState state,
            ExportResolver exports,
            Owners owners,
            Limits limits,
            OperationWatch watch) {
        return new NfsServices(
                new NamedAttributes(fileSystem),
                state,
                exports,
                owners,
                limits,
                new AttributeEncoder(limits, state.leaseSeconds(), owners),
                watch);
    }
}
