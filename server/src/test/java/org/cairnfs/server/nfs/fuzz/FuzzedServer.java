package org.cairnfs.server.nfs.fuzz;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.StorageClaim;
import org.cairnfs.server.app.Volume;
import org.cairnfs.server.app.VolumeFactory;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.app.VolumeFactory.OpenOptions;
import org.cairnfs.server.app.Wiring;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.cairnfs.server.nfs.watch.OperationWatch;

/** A whole server over a real file system in a folder, started as the program starts it. */
public final class FuzzedServer implements AutoCloseable {
    /** The shortest lease that can be configured: clients of attacks go soon. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final int PAGE = 500;

    private final Path home;
    private final VolumeFactory volumes = Wiring.components().volumes();
    private final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    private final AtomicInteger systemErrors = new AtomicInteger();
    private Volume volume;
    private NfsService nfs;

    public FuzzedServer(Path home) throws Exception {
        this.home = home;
        Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,async,insecure,no_root_squash)\n");
        volumes.mkfs(
                new MkfsOptions(storage(), CredentialsSource.NONE, Optional.empty(), Compression.NONE, 1 << 18, ""),
                Progress.NONE);
        Files.createDirectory(home.resolve("state"));
        start();
    }

    private StorageUrl storage() throws Exception {
        return StorageUrl.local(home.resolve("store"));
    }

    void start() throws Exception {
        Path state = home.resolve("state");
        ServerConfig config = ServerConfig.defaults();
        volume = volumes.open(
                new OpenOptions(storage(), Optional.empty(), state, config, StorageClaim.USUAL), Progress.NONE);
        nfs = Wiring.components()
                .nfs()
                .start(new NfsService.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Exports.of(Optional.of(home.resolve("exports"))),
                        volume.fileSystem(),
                        volume.handleKey(),
                        state,
                        config.nfs().withLease(LEASE),
                        volume.leases(),
                        new RpcMetrics() {
                            @Override
                            public void refused(Refusal reason) {
                                if (reason == Refusal.SYSTEM_ERR) {
                                    systemErrors.incrementAndGet();
                                }
                            }
                        },
                        OperationWatch.NONE,
                        fatal::add));
    }

    void stop() throws Exception {
        nfs.stop(Duration.ofSeconds(5));
        volume.stop(Duration.ofSeconds(60), Progress.NONE);
    }

    /** Ends it as a crash would. */
    void crash() {
        nfs.stop(Duration.ZERO);
        volume.abandon();
    }

    public InetSocketAddress address() {
        return nfs.address();
    }

    List<NfsService.Client> clients() {
        return nfs.clients();
    }

    NfsService.Delegations delegations() {
        return nfs.delegations();
    }

    /** What went wrong in the server itself. */
    public List<Object> failures() {
        List<Object> all = new ArrayList<>(fatal);
        if (systemErrors.get() > 0) {
            all.add(systemErrors.get() + " calls ended with SYSTEM_ERR");
        }
        return all;
    }

    /** Every name with what its inode is, in the order of names' cookies. Times of access aside. */
    List<String> tree() throws FsException {
        List<String> lines = new ArrayList<>();
        walk("/", volume.fileSystem().root(), lines);
        return lines;
    }

    private void walk(String path, FileHandle directory, List<String> lines) throws FsException {
        FileSystem files = volume.fileSystem();
        OpContext op = new OpContext(Credentials.ROOT);
        long after = 0;
        DirectoryPage page;
        do {
            page = files.readdir(op, directory, after, PAGE, true);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                after = entry.cookie();
                Attributes at = entry.node().attributes();
                lines.add(path + entry.name() + " " + at.type() + " " + at.mode() + " " + at.nlink() + " " + at.size()
                        + " " + at.change() + " " + at.mtime());
                if (at.type() == org.cairnfs.core.fs.FileType.DIRECTORY) {
                    walk(path + entry.name() + "/", entry.node().handle(), lines);
                }
            }
        } while (!page.end());
    }

    public long entries() throws Exception {
        return volume.statistics().entries();
    }

    @Override
    public void close() throws Exception {
        stop();
    }
}
