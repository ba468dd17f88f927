package org.cairnfs.server.app;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.fuse.FuseMount;
import org.cairnfs.fuse.MountException;
import org.cairnfs.fuse.MountOptions;
import org.cairnfs.fuse.Unmounting;
import org.cairnfs.fuse.call.RequestWatch;
import org.cairnfs.fuse.call.Shared;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.activity.AccessLog;
import org.cairnfs.server.activity.Operations;

/** A {@link FuseMount} as operators see it: what goes wrong has an exit code and advice. */
public final class LocalMount implements MountService {
    private final FuseMount mount;
    private final Watch watch;

    private LocalMount(FuseMount mount, Watch watch) {
        this.mount = mount;
        this.watch = watch;
    }

    /** Counts and tells requests of the kernel as those of NFS are. */
    private static final class Watch implements RequestWatch {
        private final Operations operations;
        private final LongAdder requests = new LongAdder();

        Watch(Operations operations) {
            this.operations = operations;
        }

        @Override
        public void ended(String name, int errno, long nanos) {
            requests.increment();
            operations.ended(name, errno != 0, nanos);
        }

        @Override
        public boolean wantsDetails() {
            return operations.wantsDetails();
        }

        @Override
        public void detailed(Detail detail) {
            operations.detailed(
                    new AccessLog.Line(
                            System.currentTimeMillis(),
                            "pid=" + detail.pid(),
                            Integer.toUnsignedString(detail.uid()),
                            "fuse",
                            detail.name(),
                            "",
                            detail.asked(),
                            result(detail.errno()),
                            detail.nanos()),
                    detail.at());
        }

        private static String result(int errno) {
            return errno == 0
                    ? "OK"
                    : Stream.of(Errno.values())
                            .filter(known -> known.number() == errno)
                            .map(Errno::name)
                            .findFirst()
                            .orElse("errno " + errno);
        }
    }

    /** Mounts; see {@link MountService.Starter}. */
    static MountService start(
            Volume volume,
            NfsService.Held held,
            MountRequest wanted,
            Operations operations,
            Consumer<Throwable> onFatalError)
            throws CairnException {
        boolean readOnly = volume.leases().isEmpty();
        Leases leases = readOnly ? Leases.NONE : held.leases();
        MountOptions options = MountOptions.of(
                        wanted.directory(), volume.status().storage())
                .withAllowOther(wanted.allowOther())
                .withReadOnly(readOnly)
                .withTimeouts(wanted.timeout(), wanted.timeout());
        Shared shared = new Shared(volume.fileSystem(), held.locks(), held.shares(), leases, held.inGrace());
        Watch watch = new Watch(operations);
        return new LocalMount(tried(() -> FuseMount.start(shared, options, watch, onFatalError)), watch);
    }

    /**
     * Unmounts what a server has left behind that is dead, so that nothing of it is under way.
     *
     * @throws CairnException NOT_MOUNTED, MOUNT_BUSY, MOUNT_REFUSED
     */
    public static void unmountDead(Path directory, boolean lazily) throws CairnException {
        tried(() -> {
            Unmounting.unmount(directory, lazily);
            return directory;
        });
    }

    @FunctionalInterface
    private interface Try<T> {
        T run() throws MountException, InterruptedException;
    }

    private static <T> T tried(Try<T> action) throws CairnException {
        try {
            return action.run();
        } catch (MountException e) {
            throw new CairnException(code(e.reason()), e.getMessage(), advice(e.reason()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted", "", e);
        }
    }

    private static ExitCode code(MountException.Reason reason) {
        return switch (reason) {
            case NO_LIBRARY, NO_DEVICE -> ExitCode.NO_FUSE;
            case BAD_DIRECTORY -> ExitCode.MOUNT_POINT;
            case NOT_ALLOWED, REFUSED -> ExitCode.MOUNT_REFUSED;
            case BUSY -> ExitCode.MOUNT_BUSY;
            case NOT_MOUNTED -> ExitCode.NOT_MOUNTED;
        };
    }

    private static String advice(MountException.Reason reason) {
        return switch (reason) {
            case NO_LIBRARY -> "install it (Debian: libfuse2 and fuse3), or mount over NFS";
            case NO_DEVICE -> "load the module fuse, or mount over NFS";
            case BAD_DIRECTORY -> "choose an empty directory, or unmount it: cairn umount DIR";
            case NOT_ALLOWED ->
                "mount as root (in a container, with --device /dev/fuse --cap-add SYS_ADMIN), see what docs/fuse.md"
                        + " says of other users, or mount over NFS";
            case REFUSED -> "";
            case BUSY -> "end them, or take it away from them with --lazy";
            case NOT_MOUNTED -> "";
        };
    }

    @Override
    public Path directory() {
        return mount.directory();
    }

    @Override
    public String options() {
        return mount.options();
    }

    @Override
    public long requests() {
        return watch.requests.sum();
    }

    @Override
    public int openFiles() {
        return mount.openFiles();
    }

    @Override
    public void unmount() throws CairnException {
        tried(() -> {
            mount.unmount();
            return mount;
        });
    }

    @Override
    public void abandon() {
        try {
            mount.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return mount.ended();
    }
}
