package org.cairnfs.server.nfs.v3.mount;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MOUNT version 3 as the RPC server calls it. Safe for use by any number of threads.
 *
 * <p>A handle that is given out here gives no rights: the exports are asked again for each call that brings it. So whoever may come from
 * where he comes is given one, also without the Kerberos or TLS that its export wants: clients mount by AUTH_SYS, and are told the flavours here.
 */
public final class MountProgram implements RpcProgram {
    /** The program number of MOUNT. */
    public static final int PROGRAM = 100005;

    public static final int VERSION = 3;

    private static final Logger log = LoggerFactory.getLogger(MountProgram.class);

    private static final int MNT = 1;
    private static final int DUMP = 2;
    private static final int UMNT = 3;
    private static final int UMNTALL = 4;
    private static final int EXPORT = 5;

    /** MNTPATHLEN. */
    private static final int MAX_PATH_BYTES = 1024;

    private final FileSystem fileSystem;
    private final ExportResolver resolver;
    private final Supplier<ExportTable> exports;
    private final MountList mounts = new MountList();

    /** @param exports the newest table, for those who ask what there is */
    public MountProgram(FileSystem fileSystem, ExportResolver resolver, Supplier<ExportTable> exports) {
        this.fileSystem = fileSystem;
        this.resolver = resolver;
        this.exports = exports;
    }

    /** The paths that clients say they have mounted, by address, made printable. */
    public Map<InetAddress, List<String>> mounted() {
        Map<InetAddress, List<String>> all = new LinkedHashMap<>();
        mounts.all()
                .forEach(entry -> all.computeIfAbsent(entry.client(), client -> new ArrayList<>())
                        .add(entry.path().replaceAll("\\p{Cntrl}", "?")));
        return all;
    }

    @Override
    public void handle(RpcCall call) throws XdrException {
        XdrWriter results = call.newResults();
        InetAddress client = call.connection().remoteAddress().getAddress();
        switch (call.procedure()) {
            case MNT -> mount(call, readPath(call.arguments()), results);
            case DUMP -> dump(results);
            case UMNT -> unmount(client, readPath(call.arguments()));
            case UMNTALL -> mounts.removeAll(client);
            case EXPORT -> export(results);
            default -> {
                call.reject(AcceptStat.PROC_UNAVAIL);
                return;
            }
        }
        call.reply(results);
    }

    static byte[] readPath(XdrReader in) throws XdrException {
        return in.readString(MAX_PATH_BYTES);
    }

    private void mount(RpcCall call, byte[] wanted, XdrWriter results) throws XdrException {
        try {
            MountPath path = MountPath.of(wanted);
            MountPath.Found top =
                    path.walk(fileSystem, resolver.enter(call.connection(), call.credential(), fileSystem.root()));
            InetAddress client = call.connection().remoteAddress().getAddress();
            mounts.add(client, path.toString());
            log.info("{} mounts {} by NFS version 3", InetAddresses.toAddrString(client), path);
            results.writeInt(Nfs3Status.OK.code())
                    .writeOpaque(top.entrance().wire(top.handle()))
                    .writeInts(pseudoFlavors(top.entrance()));
        } catch (Nfs3Exception e) {
            log.info(
                    "{} may not mount, or what it wants is not there: {}",
                    call.connection().remoteAddress(),
                    e.getMessage());
            results.writeInt(e.status().code());
        }
    }

    private static int[] pseudoFlavors(Entrance entrance) {
        return entrance.flavors().stream()
                .mapToInt(SecurityFlavor::pseudoFlavor)
                .toArray();
    }

    private void unmount(InetAddress client, byte[] path) {
        try {
            mounts.remove(client, MountPath.of(path).toString());
        } catch (Nfs3Exception e) {
            log.debug("nothing can be mounted at such a path: {}", e.getMessage());
        }
    }

    private void dump(XdrWriter results) throws XdrException {
        for (MountList.Entry mount : mounts.all()) {
            results.writeBoolean(true)
                    .writeUtf8(InetAddresses.toAddrString(mount.client()))
                    .writeUtf8(mount.path());
        }
        results.writeBoolean(false);
    }

    private void export(XdrWriter results) throws XdrException {
        ExportTable table = exports.get();
        for (String path : table.paths()) {
            results.writeBoolean(true).writeUtf8(path);
            List<Export> here = table.exports().stream()
                    .filter(export -> export.path().equals(path))
                    .toList();
            for (Export export : here) {
                results.writeBoolean(true).writeUtf8(export.client().toString());
            }
            results.writeBoolean(false);
        }
        results.writeBoolean(false);
    }
}
