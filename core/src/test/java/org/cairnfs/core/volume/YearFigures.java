package org.cairnfs.core.volume;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.snapshot.Snapshot;

/**
 * What a year of daily snapshots costs: a tree in which every day one file of a hundred changes. Arguments: an empty directory, and, if not the
 * usual ones, the number of files (100,000) and of days (365).
 *
 * <p>Half of what changes is written anew, a quarter is removed, and as many are made. Figures are by the clock; nothing is synced but what the
 * engine syncs by itself; the file system is in a local folder.
 */
public final class YearFigures {
    private static final PrintStream OUT = System.out;
    private static final int IN_DIRECTORY = 1_000;
    private static final int REPORTED_DAYS = Integer.getInteger("rd", 73);

    private final VolumeFixture fixture;
    private final Path metadata;
    private final int days;
    private final int changed;
    private final Deque<FileHandle> directories = new ArrayDeque<>();
    private final byte[] bytes = new byte[2_000];
    private CairnVolume volume;
    private FileSystem fs;
    private long written;

    private YearFigures(Path directory, int files, int days) throws Exception {
        this.fixture = new VolumeFixture(directory, true);
        this.metadata = fixture.state().resolve("metadata");
        this.days = days;
        this.changed = files / 100;
        open();
        plant(files);
    }

    public static void main(String[] arguments) throws Exception {
        int files = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int days = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 365;
        OUT.printf(Locale.ROOT, "%n%,d daily snapshots of %,d files, 1 %% changed a day%n", days, files);
        new YearFigures(Files.createDirectories(Path.of(arguments[0])), files, days).run();
    }

    private void open() throws Exception {
        volume = fixture.open();
        fs = volume.fileSystem();
        fs.endGrace();
    }

    private void run() throws Exception {
        volume.flush(left -> {});
        tellSize("before the first");
        tell("read all there is, a name", 1e3, "us", perName(fs.root()));
        long[] nanos = new long[days];
        for (int day = 1; day <= days; day++) {
            change(day);
            long begin = System.nanoTime();
            volume.snapshots().create(name(day), false);
            nanos[day - 1] = System.nanoTime() - begin;
            volume.flush(left -> {});
            if (day % REPORTED_DAYS == 0) {
                tellSize("after " + day + " days");
            }
        }
        Arrays.sort(nanos);
        tell("create, median", 1e6, "ms", nanos[days / 2]);
        tell("create, 99 %", 1e6, "ms", nanos[days * 99 / 100]);
        long begin = System.nanoTime();
        int all = volume.snapshots().all().size();
        tell("list all " + all, 1e6, "ms", System.nanoTime() - begin);
        readTheOldest();
        compare();
        VolumeFixture.stop(volume);
        begin = System.nanoTime();
        open();
        tell("open, clean", 1e6, "ms", System.nanoTime() - begin);
        delete();
        VolumeFixture.stop(volume);
    }

    private void readTheOldest() throws FsException {
        FileHandle snapshots =
                fs.lookup(VolumeFixture.op(), fs.root(), Name.of(".snapshots")).handle();
        for (int day : new int[] {1, days}) {
            FileHandle root =
                    fs.lookup(VolumeFixture.op(), snapshots, name(day)).handle();
            tell("read snapshot " + day + ", a name", 1e3, "us", perName(root));
        }
        tell("read the present, a name", 1e3, "us", perName(fs.root()));
    }

    private void compare() throws FsException {
        for (int day : new int[] {days - 1, 1}) {
            long[] count = new long[1];
            long begin = System.nanoTime();
            volume.differences().between(name(day), Optional.of(name(days)), difference -> count[0]++);
            tell(
                    String.format(Locale.ROOT, "diff %d %d, %,d differences", day, days, count[0]),
                    1e6,
                    "ms",
                    System.nanoTime() - begin);
        }
    }

    private void delete() throws Exception {
        long begin = System.nanoTime();
        for (Snapshot snapshot : volume.snapshots().all()) {
            volume.snapshots().delete(snapshot.name());
        }
        tell("delete, each, until it cannot be seen", 1e6, "ms", (System.nanoTime() - begin) / days);
        while (!volume.finishBackgroundWork()) {
            volume.flush(left -> {});
        }
        tell("delete, each, until all is given back", 1e6, "ms", (System.nanoTime() - begin) / days);
        tellSize("after all are deleted");
    }

    private static Name name(int day) throws FsException {
        return Name.of("day-" + day);
    }

    private void plant(int files) throws FsException {
        for (int i = 0; i < files; i++) {
            if (i % IN_DIRECTORY == 0) {
                directories.addLast(create(fs.root(), "d" + i, CreateRequest.directory(0755)));
            }
            make();
        }
    }

    /** In the directory whose turn it is. */
    private void make() throws FsException {
        FileHandle directory = directories.removeFirst();
        directories.addLast(directory);
        write(create(directory, "f" + written, CreateRequest.file(0644)));
    }

    private FileHandle create(FileHandle in, String name, CreateRequest request) throws FsException {
        return fs.create(VolumeFixture.op(), in, Name.of(name), request).node().handle();
    }

    private void write(FileHandle file) throws FsException {
        bytes[(int) (written % bytes.length)]++; // no two alike
        written++;
        VolumeFixture.write(fs, file, 0, bytes);
    }

    /** Other files each day, some in each directory. */
    private void change(int day) throws FsException {
        int wanted = changed;
        int inEach = changed / directories.size() + 1;
        for (FileHandle directory : directories) {
            long after = (long) day * inEach % IN_DIRECTORY;
            DirectoryPage page = fs.readdir(VolumeFixture.op(), directory, after, inEach, true);
            int half = 0;
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                if (wanted-- <= 0) {
                    return;
                }
                if (half++ % 2 == 0) {
                    write(entry.node().handle());
                } else {
                    fs.remove(VolumeFixture.op(), directory, entry.name(), RemoveKind.NON_DIRECTORY);
                    create(directory, "n" + written++, CreateRequest.file(0644));
                }
            }
        }
    }

    /** Nanoseconds for each name of a tree, with its attributes. */
    private long perName(FileHandle root) throws FsException {
        long begin = System.nanoTime();
        long count = read(root);
        return (System.nanoTime() - begin) / count;
    }

    private long read(FileHandle directory) throws FsException {
        long count = 0;
        long after = 0;
        DirectoryPage page;
        do {
            page = fs.readdir(VolumeFixture.op(), directory, after, 500, true);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                after = entry.cookie();
                count++;
                if (entry.node().attributes().type() == FileType.DIRECTORY) {
                    count += read(entry.node().handle());
                }
            }
        } while (!page.end());
        return count;
    }

    private void tellSize(String when) throws Exception {
        volume.metadata().checkpointDatabase();
        try (Stream<Path> files = Files.walk(metadata)) {
            long size = files.filter(Files::isRegularFile)
                    .mapToLong(YearFigures::size)
                    .sum();
            OUT.printf(Locale.ROOT, "%-44s %9.1f MB%n", "metadata on the disk, " + when, size / 1e6);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(String what, double unit, String unitName, long nanos) {
        OUT.printf(Locale.ROOT, "%-44s %9.2f %s%n", what, nanos / unit, unitName);
    }
}
