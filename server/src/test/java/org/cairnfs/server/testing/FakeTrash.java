package org.cairnfs.server.testing;

import java.util.List;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.VolumeTrash;

/** Holds two removed things, one of which has no path any more. */
final class FakeTrash implements VolumeTrash {
    private static final List<Item> ITEMS = List.of(
            new Item(12, "/there/report", "file", 4_096, 1_000, 1_000_000, 90_000_000),
            new Item(13, "", "directory", 0, 0, 2_000_000, 91_000_000));

    @Override
    public Counts counts() {
        return new Counts(2, 4_096);
    }

    @Override
    public Counts list(String path, Sink sink) throws CairnException {
        List<Item> below = ITEMS.stream()
                .filter(item -> path.equals("/") || item.path().startsWith(path))
                .toList();
        sink.take(below);
        return new Counts(below.size(), below.stream().mapToLong(Item::bytes).sum());
    }

    @Override
    public Restored restore(String path, Optional<String> to) throws CairnException {
        if (!path.startsWith("/there")) {
            throw new CairnException(ExitCode.USAGE, "nothing that was at " + path + " is in the trash", "");
        }
        return new Restored(1, 4_096, to.isPresent() ? List.of() : List.of("/there/taken"));
    }

    @Override
    public Restored restore(long inode, Optional<String> to) {
        return new Restored(1, inode, List.of());
    }

    @Override
    public long empty(String path, long removedBeforeMillis) {
        return removedBeforeMillis == Long.MAX_VALUE ? 2 : 1;
    }

    @Override
    public void empty(long inode) throws CairnException {
        if (inode != 12) {
            throw new CairnException(ExitCode.USAGE, "inode " + inode + " is not in the trash", "");
        }
    }
}
