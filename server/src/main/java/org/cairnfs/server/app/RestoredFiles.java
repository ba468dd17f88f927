package org.cairnfs.server.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.Progress;

/**
 * Copies a tree of a file system to the local disk: holes stay holes, hard links within the tree stay links; mode, times and attributes {@code user.*} are
 * those of the file system, and owners too, where this process may set them. Where it may not, nothing is set-user-ID or set-group-ID: a
 * program of somebody else would run with the rights of who restores it.
 *
 * <p>Nothing that is there is replaced. What is made can be read by nobody else until its own mode is set, after its contents. A file that
 * cannot be restored is told of, and the others are restored all the same. Used once, by one thread.
 */
public final class RestoredFiles {
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);
    private static final int PAGE = 1_000;
    private static final int READ_BYTES = 4 << 20;
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String USER = "user.";
    private static final int SET_IDS = 06000;

    private final FileSystem files;
    private final Progress progress;
    private final Map<Long, Path> linked = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final boolean setsOwners;
    private long restored;
    private long bytes;

    RestoredFiles(FileSystem files, Progress progress) {
        this(files, progress, isRoot());
    }

    RestoredFiles(FileSystem files, Progress progress, boolean setsOwners) {
        this.files = files;
        this.progress = progress;
        this.setsOwners = setsOwners;
    }

    /**
     * What was done.
     *
     * @param files of all types, directories too
     * @param bytes that were written; holes are not
     * @param problems a line for each file that is not, or not wholly, as it was
     */
    public record Report(long files, long bytes, List<String> problems) {}

    /**
     * Restores what a name stands for.
     *
     * @param target is not there, or is an empty directory where a directory is restored
     */
    Report restore(Node node, Path target) throws CairnException {
        try {
            boolean directory = node.attributes().type() == FileType.DIRECTORY;
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !(directory && isEmptyDirectory(target))) {
                throw new CairnException(
                        ExitCode.USAGE, target + " is there already", "name a place where nothing is yet");
            }
        } catch (IOException e) {
            throw Failures.ofFile("cannot look at " + target, e);
        }
        any(node, target);
        return new Report(restored, bytes, List.copyOf(problems));
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> content = Files.list(path)) {
            return content.findAny().isEmpty();
        }
    }

    /** Says in UTF-8 what bytes say; what is no UTF-8 is replaced, and what could steer a terminal. */
    static String text(Bytes bytes) {
        return printable(new String(bytes.toArray(), StandardCharsets.UTF_8));
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }

    private void problem(Object file, String what) {
        problems.add(printable(file + ": " + what));
    }

    private void any(Node node, Path target) throws CairnException {
        try {
            Path known =
                    node.attributes().nlink() > 1 ? linked.get(node.attributes().fileId()) : null;
            if (known != null) {
                Files.createLink(target, known);
                restored++;
                return;
            }
            switch (node.attributes().type()) {
                case DIRECTORY -> directory(node, target);
                case REGULAR -> regular(node, target);
                case SYMLINK ->
                    Files.createSymbolicLink(
                            target,
                            Path.of(exactly(files.readlink(ROOT, node.handle()).toArray())));
                default -> {
                    problem(
                            target,
                            "a " + node.attributes().type().name().toLowerCase(java.util.Locale.ROOT)
                                    + " is not restored");
                    return;
                }
            }
            attributes(node, target);
            restored++;
            if (node.attributes().nlink() > 1 && node.attributes().type() != FileType.DIRECTORY) {
                linked.put(node.attributes().fileId(), target);
            }
        } catch (FsException e) {
            problem(target, e.getMessage());
        } catch (CharacterCodingException | InvalidPathException e) {
            problem(target, "what it points to cannot be written here: " + e.getMessage());
        } catch (IOException e) {
            if (Failures.isDiskFull(e)) {
                throw Failures.ofFile("cannot write " + target, e);
            }
            problem(target, e.toString());
        }
    }

    private void directory(Node node, Path target) throws IOException, FsException, CairnException {
        try {
            Files.createDirectory(target, PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            if (!isEmptyDirectory(target)) {
                throw e;
            }
        }
        long after = 0;
        DirectoryPage page;
        do {
            page = files.readdir(ROOT, node.handle(), after, PAGE, true);
            for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                after = entry.cookie();
                child(entry, target);
            }
        } while (!page.end());
    }

    private void child(DirectoryPage.DirectoryEntry entry, Path directory) throws CairnException {
        try {
            any(entry.node(), directory.resolve(exactly(entry.name().bytes())));
        } catch (CharacterCodingException e) {
            problem(directory + "/" + entry.name(), "its name is no UTF-8, which cannot be made here");
        } catch (InvalidPathException e) {
            problem(
                    directory + "/" + entry.name(),
                    "its name cannot be made in this locale; try again with LC_ALL=C.UTF-8");
        }
    }

    /** Java makes paths of text only. */
    private static String exactly(byte[] name) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(name))
                .toString();
    }

    private void regular(Node node, Path target) throws IOException, FsException {
        try (FileChannel out = FileChannel.open(
                target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
            long offset = 0;
            SparseRead part;
            do {
                part = files.readSparse(ROOT, node.handle(), offset, READ_BYTES);
                for (SparseRead.Segment segment : part.segments()) {
                    write(out, segment);
                    offset = segment.offset() + segment.length();
                }
                progress.report("restoring", bytes, -1, Progress.Unit.BYTES);
            } while (!part.end());
            long size = node.attributes().size();
            if (out.size()
                    < size) { // It ends with a hole: the last byte is written, as nothing else makes a file longer.
                out.write(ByteBuffer.allocate(1), size - 1);
            }
        }
    }

    private void write(FileChannel out, SparseRead.Segment segment) throws IOException {
        long at = segment.offset();
        for (ByteBuffer piece : segment.pieces()) {
            ByteBuffer left = piece.duplicate();
            bytes += left.remaining();
            while (left.hasRemaining()) {
                at += out.write(left, at);
            }
        }
    }

    private void attributes(Node node, Path target) throws IOException, FsException {
        Attributes wanted = node.attributes();
        boolean link = wanted.type() == FileType.SYMLINK;
        if (!link) {
            xattrs(node, target);
        }
        if (setsOwners) {
            Files.setAttribute(target, "unix:uid", wanted.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(target, "unix:gid", wanted.gid(), LinkOption.NOFOLLOW_LINKS);
        }
        // Before the mode: a file is opened for it, which its own mode may not let its owner do.
        Files.getFileAttributeView(target, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(
                        FileTime.from(wanted.mtime(), TimeUnit.NANOSECONDS),
                        FileTime.from(wanted.atime(), TimeUnit.NANOSECONDS),
                        null);
        if (!link) {
            int mode = setsOwners ? wanted.mode() : wanted.mode() & ~SET_IDS;
            Files.setAttribute(target, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void xattrs(Node node, Path target) throws FsException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(target, UserDefinedFileAttributeView.class);
        for (Name name : files.listXattrs(ROOT, node.handle())) {
            String text = name.toString();
            try {
                if (view == null || !text.startsWith(USER)) {
                    problem(target, "attribute " + text + " is not restored");
                } else {
                    view.write(
                            text.substring(USER.length()),
                            files.getXattr(ROOT, node.handle(), name).asBuffer());
                }
            } catch (IOException e) {
                problem(target, "attribute " + text + ": " + e.getMessage());
            }
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
