package org.cairnfs.server.app;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.view.BucketReader;
import org.cairnfs.core.view.BucketView;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.core.volume.VolumeOptions;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;

/** The files of a file system as of a barrier in its storage, read without a server and without changing anything. For one thread. */
public final class StoredView implements AutoCloseable {
    private static final VolumeOptions.Caches CACHES = new VolumeOptions.Caches(64L << 20, 0);
    private static final OpContext ROOT = new OpContext(Credentials.ROOT);
    private static final int PAGE = 1_000;
    private static final int READ_BYTES = 1 << 20;

    private final BucketReader reader;
    private final BucketView view;
    private final FileSystem files;

    private StoredView(BucketReader reader, BucketView view) {
        this.reader = reader;
        this.view = view;
        this.files = view.fileSystem();
    }

    /**
     * Opens one.
     *
     * @param directory where metadata are kept from command to command; made if it is not there
     * @param at the newest barrier of that time or before; empty for the newest
     */
    static StoredView open(Bucket bucket, Path directory, Optional<Instant> at, Progress progress)
            throws CairnException {
        try {
            BucketReader reader = BucketReader.open(bucket, directory, CACHES);
            try {
                return new StoredView(reader, view(bucket, reader, at, progress));
            } catch (IOException | VolumeException | CairnException | RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        } catch (IOException e) {
            throw EngineFailures.of(e);
        }
    }

    private static BucketView view(Bucket bucket, BucketReader reader, Optional<Instant> at, Progress progress)
            throws IOException, VolumeException, CairnException {
        if (at.isEmpty()) {
            return reader.newest(bytes -> progress.report("reading metadata", bytes, -1, Progress.Unit.BYTES));
        }
        Past past = StoredFileSystem.past(bucket, progress);
        Moment moment = past.at(at.get(), looked -> progress.report("searching", looked, -1, Progress.Unit.OBJECTS))
                .orElseThrow(() -> StoredFileSystem.notKept(at.get()));
        return reader.of(
                past.asOf(moment), bytes -> progress.report("reading metadata", bytes, -1, Progress.Unit.BYTES));
    }

    /** When the barrier was made. */
    public Instant at() {
        return view.barrier().standing().at();
    }

    /**
     * A file of any type.
     *
     * @param path as it was asked for; undecodable bytes of names are replaced
     * @param mtime milliseconds since 1970
     */
    public record Entry(
            String path, String type, int mode, int nlink, long uid, long gid, long size, long mtime, String target) {}

    /** Hears of files. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Entry entry);
    }

    /** Tells of what is in a directory, or of a file itself. */
    public void list(String path, boolean recursive, Visitor visitor) throws CairnException {
        try {
            Node node = find(path);
            if (node.attributes().type() == FileType.DIRECTORY) {
                list(trimmed(path), node, recursive, visitor);
            } else {
                visitor.visit(entry(trimmed(path), node));
            }
        } catch (FsException e) {
            throw EngineFailures.of(e);
        }
    }

    /** Depth first, each directory before what is in it; how deep it goes costs a page for each level. */
    private void list(String path, Node directory, boolean recursive, Visitor visitor) throws FsException {
        Deque<Listing> open = new ArrayDeque<>();
        open.push(new Listing(path, directory));
        while (!open.isEmpty()) {
            Listing listing = open.element();
            Optional<DirectoryPage.DirectoryEntry> next = listing.next();
            if (next.isEmpty()) {
                open.pop();
                continue;
            }
            Node node = next.get().node();
            String child = listing.path + "/" + next.get().name();
            visitor.visit(entry(child, node));
            if (recursive && node.attributes().type() == FileType.DIRECTORY) {
                open.push(new Listing(child, node));
            }
        }
    }

    /** The entries of a directory, read page by page. */
    private final class Listing {
        private final String path;
        private final Node directory;
        private DirectoryPage page;
        private int at;
        private long after;

        Listing(String path, Node directory) throws FsException {
            this.path = path;
            this.directory = directory;
            this.page = page();
        }

        private DirectoryPage page() throws FsException {
            return files.readdir(ROOT, directory.handle(), after, PAGE, true);
        }

        Optional<DirectoryPage.DirectoryEntry> next() throws FsException {
            while (at == page.entries().size()) {
                if (page.end()) {
                    return Optional.empty();
                }
                page = page();
                at = 0;
            }
            DirectoryPage.DirectoryEntry entry = page.entries().get(at++);
            after = entry.cookie();
            return Optional.of(entry);
        }
    }

    private Entry entry(String path, Node node) throws FsException {
        Attributes found = node.attributes();
        boolean link = found.type() == FileType.SYMLINK;
        return new Entry(
                path,
                found.type().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                found.mode(),
                found.nlink(),
                Integer.toUnsignedLong(found.uid()),
                Integer.toUnsignedLong(found.gid()),
                found.size(),
                Math.floorDiv(found.mtime(), 1_000_000L),
                link ? RestoredFiles.text(files.readlink(ROOT, node.handle())) : null);
    }

    /** Writes the bytes of a regular file to a stream. */
    public void cat(String path, OutputStream out) throws CairnException {
        try {
            Node node = find(path);
            if (node.attributes().type() != FileType.REGULAR) {
                throw new CairnException(ExitCode.USAGE, path + " is no regular file", "");
            }
            WritableByteChannel channel = Channels.newChannel(out);
            long offset = 0;
            ReadResult part;
            do {
                part = files.read(ROOT, node.handle(), offset, READ_BYTES);
                for (ByteBuffer piece : part.pieces()) {
                    channel.write(piece.duplicate());
                }
                offset += part.length();
            } while (!part.end());
        } catch (FsException e) {
            throw EngineFailures.of(e);
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.STATE_UNUSABLE,
                    "cannot write the bytes: " + e.getMessage(),
                    "see to where they are to go",
                    e);
        }
    }

    /** Copies a file or a tree to the local disk. */
    public RestoredFiles.Report restore(String path, Path target, Progress progress) throws CairnException {
        try {
            return new RestoredFiles(files, progress).restore(find(path), target);
        } catch (FsException e) {
            throw EngineFailures.of(e);
        }
    }

    private Node find(String path) throws FsException {
        Node node = new Node(files.root(), files.getattr(ROOT, files.root()));
        for (String part : Splitter.on('/').omitEmptyStrings().split(path)) {
            node = files.lookup(ROOT, node.handle(), Name.of(part));
        }
        return node;
    }

    private static String trimmed(String path) {
        return path.replaceAll("/+$", "");
    }

    @Override
    public void close() {
        view.close();
        reader.close();
    }
}
