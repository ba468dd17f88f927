package org.cairnfs.core.volume;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.treelock.UnlockPolicy;

/**
 * How fast trees are copied, locked, unlocked and removed, and what locks cost those who change something else. Arguments: an empty directory,
 * and, if not the usual ones, the number of files (16,000), bytes in each (2,000), and how often to lock them (1). Trees have 100 files in a
 * directory, and 100 of these in one.
 *
 * <p>Figures are by the clock, and by the processor time of the whole process, as others may use the machine too; with nothing synced but what the engine syncs by itself; the file system is in a local folder.
 */
public final class TreeFigures {
    private static final PrintStream OUT = System.out;
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int IN_DIRECTORY = 100;
    private static final int CHANGES = 20_000;

    private static final TreeCopies.Listener SILENT = new TreeCopies.Listener() {
        @Override
        public void isUploading(long bytes) {}

        @Override
        public void isCopying(TreeCopy.Progress progress) {}
    };

    private final CairnVolume volume;
    private final FileSystem fs;
    private final int files;
    private final byte[] bytes;

    private TreeFigures(CairnVolume volume, int files, int bytes) {
        this.volume = volume;
        this.fs = volume.fileSystem();
        this.files = files;
        this.bytes = new byte[bytes];
    }

    private interface Step {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        VolumeFixture fixture = new VolumeFixture(Files.createDirectories(Path.of(arguments[0])), true);
        CairnVolume volume = fixture.open();
        volume.fileSystem().endGrace();
        new TreeFigures(volume, number(arguments, 1, 16_000), number(arguments, 2, 2_000)).run(number(arguments, 3, 1));
        VolumeFixture.stop(volume);
    }

    private static int number(String[] arguments, int at, int usual) {
        return at < arguments.length ? Integer.parseInt(arguments[at]) : usual;
    }

    private void run(int rounds) throws Exception {
        int entries = files + files / IN_DIRECTORY + files / IN_DIRECTORY / IN_DIRECTORY;
        FileHandle tree = directory(fs.root(), "tree");
        measure("made, files and directories", entries, () -> plant(tree));
        measure("copied, right after that", entries, () -> copy("/tree", "/first"));
        measure("copied again", entries, () -> copy("/tree", "/second"));
        volume.snapshots().create(Name.of("then"), false);
        measure("copied out of a snapshot", entries, () -> copy("/.snapshots/then/tree", "/third"));
        measure(
                "brought back to a snapshot",
                entries,
                () -> volume.treeCopies().rollback(Name.of("then"), "/tree", SILENT));
        FileHandle own = fs.create(VolumeFixture.op(), fs.root(), Name.of("own"), CreateRequest.file(0644))
                .node()
                .handle();
        for (int round = 0; round < rounds; round++) {
            FileHandle busy = directory(fs.root(), "busy");
            measure("chmod of a file, no lock", CHANGES, () -> chmod(own));
            measure("create, no lock", CHANGES / 2, () -> create(busy, "a"));
            measure("locked", entries, () -> {
                volume.trees().lock(List.of("/tree"), 0);
                volume.finishBackgroundWork();
            });
            measure("chmod of a file, a lock elsewhere", CHANGES, () -> chmod(own));
            measure("create, a lock elsewhere", CHANGES / 2, () -> create(busy, "b"));
            measure("unlocked", entries, () -> {
                volume.trees().unlock(List.of("/tree"), UnlockPolicy.ALLOWED);
                volume.finishBackgroundWork();
            });
            volume.trees().remove(List.of("/busy"), false);
        }
        List<Long> removal = new ArrayList<>();
        measure(
                "removed, until it is gone for all",
                1,
                () -> removal.addAll(volume.trees().remove(List.of("/tree"), false)));
        measure("removed, until all is freed", entries, () -> volume.trees().awaitFreed(removal, freed -> {}));
    }

    private void copy(String source, String target) throws Exception {
        if (volume.treeCopies().copy(source, target, SILENT).isEmpty()) {
            throw new IllegalStateException("the volume ended");
        }
    }

    private FileHandle directory(FileHandle parent, String name) throws FsException {
        return fs.create(VolumeFixture.op(), parent, Name.of(name), CreateRequest.directory(0755))
                .node()
                .handle();
    }

    private void plant(FileHandle tree) throws FsException {
        FileHandle upper = tree;
        FileHandle lower = tree;
        for (int i = 0; i < files; i++) {
            if (i % (IN_DIRECTORY * IN_DIRECTORY) == 0) {
                upper = directory(tree, "d" + i);
            }
            if (i % IN_DIRECTORY == 0) {
                lower = directory(upper, "d" + i);
            }
            FileHandle file = fs.create(VolumeFixture.op(), lower, Name.of("f" + i), CreateRequest.file(0644))
                    .node()
                    .handle();
            if (bytes.length > 0) {
                bytes[i % bytes.length]++; // no two alike
                VolumeFixture.write(fs, file, 0, bytes);
            }
        }
    }

    private void chmod(FileHandle file) throws FsException {
        for (int i = 0; i < CHANGES; i++) {
            fs.setattr(VolumeFixture.op(), file, SetAttributes.ofMode(0600 + (i & 7)));
        }
    }

    private void create(FileHandle directory, String prefix) throws FsException {
        for (int i = 0; i < CHANGES / 2; i++) {
            fs.create(VolumeFixture.op(), directory, Name.of(prefix + i), CreateRequest.file(0644));
        }
    }

    private static void measure(String what, long count, Step step) throws Exception {
        long begin = System.nanoTime();
        long processorThen = PROCESS.getProcessCpuTime();
        step.run();
        double second = TimeUnit.SECONDS.toNanos(1);
        double seconds = (System.nanoTime() - begin) / second;
        double processor = (PROCESS.getProcessCpuTime() - processorThen) / second;
        OUT.printf(
                Locale.ROOT,
                "%-36s%,9d in %6.2f s: %,8.0f/s; %6.2f s of processor: %,8.0f/s%n",
                what,
                count,
                seconds,
                count / seconds,
                processor,
                count / processor);
    }
}
