package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of a list: walks the folders in the order of keys, and into those only that can hold keys of the page.
 *
 * <p>The order of keys is not that of names: a folder {@code a} stands for keys that begin with {@code a/}, and a shard for
 * keys that begin with its two characters. So each entry is sorted by the beginning of keys that it stands for. Not
 * thread-safe.
 */
final class LocalListing {
    private final LocalLayout layout;
    private final String prefix;
    private final String after;
    private final int limit;
    private final List<ObjectInfo> found = new ArrayList<>();

    LocalListing(LocalLayout layout, String prefix, String after, int limit) {
        this.layout = layout;
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
    }

    List<ObjectInfo> run() throws IOException {
        walk(layout.root(), "", "");
        return found;
    }

    /** @param start the beginning of the keys of all that this entry holds, or the key of a file */
    private record Entry(Path path, String start, boolean directory, boolean shard) {}

    /**
     * @param folderStart the beginning of the keys in the folder, up to a slash or empty
     * @param shardStart the two characters that the next segment begins with, if the folder is a shard
     */
    private void walk(Path folder, String folderStart, String shardStart) throws IOException {
        for (Entry entry : entries(folder, folderStart, shardStart)) {
            if (found.size() == limit) {
                return;
            }
            if (!mayHoldWanted(entry)) {
                continue;
            }
            if (!entry.directory()) {
                add(entry);
            } else if (entry.shard()) {
                walk(entry.path(), folderStart, entry.start().substring(folderStart.length()));
            } else {
                walk(entry.path(), entry.start(), "");
            }
        }
    }

    private List<Entry> entries(Path folder, String folderStart, String shardStart) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                boolean directory = Files.isDirectory(child);
                boolean shard = directory && name.charAt(0) == LocalLayout.SHARD;
                String segment = shard ? name.substring(1) : name;
                if (isSegment(segment) && segment.startsWith(shardStart)) {
                    String start = folderStart + segment + (directory && !shard ? "/" : "");
                    entries.add(new Entry(child, start, directory, shard));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // it went while we were looking
        }
        entries.sort(Comparator.comparing(Entry::start));
        return entries;
    }

    private boolean mayHoldWanted(Entry entry) {
        String start = entry.start();
        if (!entry.directory()) {
            return start.startsWith(prefix) && start.compareTo(after) > 0;
        }
        boolean prefixFits = start.startsWith(prefix) || prefix.startsWith(start);
        return prefixFits && (start.compareTo(after) > 0 || after.startsWith(start));
    }

    private void add(Entry entry) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(entry.path(), BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                found.add(new ObjectInfo(
                        entry.start(),
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant()));
            }
        } catch (NoSuchFileException e) {
            return; // it went while we were looking
        }
    }

    /** What someone else put into the folder is not ours to list. */
    private static boolean isSegment(String name) {
        try {
            return !ObjectKeys.check(name).contains("/");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
