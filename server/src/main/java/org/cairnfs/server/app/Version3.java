package org.cairnfs.server.app;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.call.Nfs3Services;
import org.cairnfs.server.nfs.v3.call.ReplyCache;
import org.cairnfs.server.nfs.v3.mount.MountProgram;
import org.cairnfs.server.nfs.v3.portmap.Mapping;
import org.cairnfs.server.nfs.v3.portmap.Portmap;
import org.cairnfs.server.nfs.v3.portmap.PortmapProgram;
import org.cairnfs.server.nfs.v3.proc.ProcedureTable;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.v4.compound.NfsProgram;

/** NFS version 3 and what goes along with it, put together: MOUNT and portmap on the port of NFS. */
final class Version3 {
    private final Nfs3Program nfs;
    private final MountProgram mount;
    private final PortmapProgram portmap = new PortmapProgram(new Portmap(this::mappings));
    private volatile List<Mapping> mappings = List.of();

    Version3(FileSystem fileSystem, ExportResolver resolver, Supplier<ExportTable> exports) {
        nfs = new Nfs3Program(
                new Nfs3Services(fileSystem, resolver, Limits.DEFAULT), new ProcedureTable(), new ReplyCache());
        mount = new MountProgram(fileSystem, resolver, exports);
    }

    /** Adds its programs to a server. */
    void addTo(RpcServerBuilder server) {
        server.program(Nfs3Program.PROGRAM, Nfs3Program.VERSION, nfs);
        server.program(MountProgram.PROGRAM, MountProgram.VERSION, mount);
        portmap.addTo(server);
    }

    /** Now portmap can tell where the server is. */
    void started(InetSocketAddress address) {
        int port = address.getPort();
        mappings = List.of(
                new Mapping(Nfs3Program.PROGRAM, Nfs3Program.VERSION, Mapping.TCP, port),
                new Mapping(NfsProgram.PROGRAM, NfsProgram.VERSION, Mapping.TCP, port),
                new Mapping(MountProgram.PROGRAM, MountProgram.VERSION, Mapping.TCP, port),
                new Mapping(Portmap.PROGRAM, Portmap.PORTMAP_VERSION, Mapping.TCP, port));
    }

    private List<Mapping> mappings() {
        return mappings;
    }
}
