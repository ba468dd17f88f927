package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;

/**
 * Objects as files of a folder.
 *
 * <p>A body is written to a temporary file in {@code .tmp}, synced, renamed to its place, and the directory synced, before
 * put returns; so an object is there whole or not, whatever happens. Objects under {@code pack/} are spread over folders
 * ({@link LocalLayout}). Files have mode 0600, folders 0700. What a crash leaves in {@code .tmp} is invisible, and deleted
 * when it is an hour old and the store is opened.
 *
 * <p>Thread-safe: it has no state but the set of folders that are known to be on the disk. Several processes may use one
 * folder.
 */
public final class LocalObjectStore implements ObjectStore {
    private final Path root;
    private final LocalLayout layout;
    private final DurableDirectories directories;
    private final Set<Capability> capabilities;

    /** @param read whether nothing is to be changed in the folder, which may be one where nothing can be */
    private LocalObjectStore(Path root, boolean read) throws IOException {
        this.root = root;
        this.layout = new LocalLayout(root);
        this.directories = new DurableDirectories(root);
        if (!read) {
            directories.ensure(layout.temporary());
            layout.deleteOldTemporaries();
        }
        this.capabilities = !read && canLink() ? Set.of(Capability.PUT_IF_ABSENT) : Set.of();
    }

    /**
     * Opens the store in a folder that is there.
     *
     * @throws ObjectStoreException of kind MISSING if it is not
     */
    public static LocalObjectStore open(Path root) throws ObjectStoreException {
        return open(root, false);
    }

    /** The same, for who only reads: the folder is left exactly as it is. */
    public static ObjectStore openToRead(Path root) throws ObjectStoreException {
        return new ReadingObjectStore(open(root, true));
    }

    private static LocalObjectStore open(Path root, boolean read) throws ObjectStoreException {
        if (!Files.isDirectory(root)) {
            throw new ObjectStoreException(Kind.MISSING, "there is no folder " + root);
        }
        try {
            return new LocalObjectStore(root, read);
        } catch (IOException e) {
            throw LocalErrors.translate("open", root.toString(), root, 0, e);
        }
    }

    /** Opens the store in a folder, which is made first if it is not there. */
    public static LocalObjectStore create(Path root) throws ObjectStoreException {
        try {
            DurableDirectories.create(root);
            return new LocalObjectStore(root, false);
        } catch (IOException e) {
            throw LocalErrors.translate("make folder", root.toString(), root, 0, e);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void put(String key, ByteBuffer... body) throws ObjectStoreException {
        Path target = layout.path(key);
        try {
            Path temporary = write(target, body);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw discard(temporary, e);
            }
            directories.sync(target.getParent());
        } catch (IOException e) {
            throw putFailed(key, body, e);
        }
    }

    @Override
    public boolean putIfAbsent(String key, ByteBuffer... body) throws ObjectStoreException {
        if (!capabilities.contains(Capability.PUT_IF_ABSENT)) {
            throw new UnsupportedOperationException("the file system of " + root + " has no hard links");
        }
        Path target = layout.path(key);
        try {
            if (Files.exists(target)) {
                return false;
            }
            Path temporary = write(target, body);
            boolean linked;
            try {
                Files.createLink(target, temporary); // unlike a rename, it never replaces
                linked = true;
            } catch (FileAlreadyExistsException e) {
                linked = false;
            } catch (IOException e) {
                throw discard(temporary, e);
            }
            Files.delete(temporary);
            directories.sync(target.getParent());
            return linked;
        } catch (IOException e) {
            throw putFailed(key, body, e);
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) throws ObjectStoreException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("range " + offset + "+" + length);
        }
        try (FileChannel file = readable(layout.path(key))) {
            int there = (int) Math.max(0, Math.min(length, file.size() - offset));
            return read(file, offset, there);
        } catch (IOException e) {
            throw readFailed("get", key, e);
        }
    }

    @Override
    public byte[] get(String key, int maxLength) throws ObjectStoreException {
        if (maxLength < 0) {
            throw new IllegalArgumentException("maximal length " + maxLength);
        }
        try (FileChannel file = readable(layout.path(key))) {
            long size = file.size();
            if (size > maxLength) {
                throw new ObjectTooLargeException(key, describe(), size, maxLength);
            }
            return read(file, 0, (int) size);
        } catch (ObjectStoreException e) {
            throw e;
        } catch (IOException e) {
            throw readFailed("get", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(layout.path(key), BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new ObjectInfo(
                            key,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (LocalErrors.isMissing(e)) {
                return Optional.empty();
            }
            throw readFailed("head", key, e);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws ObjectStoreException {
        ObjectKeys.checkList(prefix, after, limit);
        try {
            return new LocalListing(layout, prefix, after, limit).run();
        } catch (IOException e) {
            throw LocalErrors.translate("list", prefix, root, 0, e);
        }
    }

    @Override
    public void delete(String key) throws ObjectStoreException {
        Path file = layout.path(key);
        try {
            if (!Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            if (!LocalErrors.isMissing(e)) {
                throw LocalErrors.translate("delete", key, root, 0, e);
            }
        }
    }

    @Override
    public String describe() {
        return StorageUrl.local(root).place();
    }

    @Override
    public void close() {
        // there is nothing to let go of
    }

    /** Writes and syncs a temporary file, and makes the folder that its object will be in. */
    private Path write(Path target, ByteBuffer[] body) throws IOException {
        directories.ensure(target.getParent());
        Path temporary = layout.newTemporary();
        try (FileChannel file = FileChannel.open(temporary, LocalLayout.NEW_FILE, LocalLayout.FILE_MODE)) {
            for (ByteBuffer part : body) {
                ByteBuffer rest = part.duplicate();
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
            }
            file.force(true);
        } catch (IOException e) {
            throw discard(temporary, e);
        }
        return temporary;
    }

    private static IOException discard(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    private static FileChannel readable(Path file) throws IOException {
        if (Files.isDirectory(file)) { // which could be opened, but not read
            throw new NoSuchFileException(file.toString());
        }
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    private static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            if (file.read(target, offset + target.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return target.array();
    }

    private ObjectStoreException readFailed(String verb, String key, IOException cause) {
        return LocalErrors.isMissing(cause)
                ? new ObjectMissingException(key, describe(), cause)
                : LocalErrors.translate(verb, key, root, 0, cause);
    }

    private ObjectStoreException putFailed(String key, ByteBuffer[] body, IOException cause) {
        long bytes = 0;
        for (ByteBuffer part : body) {
            bytes += part.remaining();
        }
        directories.forget(); // someone may have removed one
        return LocalErrors.translate("put", key, root, bytes, cause);
    }

    /** Whether the file system has hard links, found out by trying. */
    private boolean canLink() throws IOException {
        Path one = layout.newTemporary();
        Path two = layout.temporary().resolve("link-" + UUID.randomUUID());
        FileChannel.open(one, LocalLayout.NEW_FILE, LocalLayout.FILE_MODE).close();
        try {
            Files.createLink(two, one);
            return true;
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        } finally {
            Files.deleteIfExists(two);
            Files.deleteIfExists(one);
        }
    }
}
