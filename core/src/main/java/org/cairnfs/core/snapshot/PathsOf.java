package org.cairnfs.core.snapshot;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** The paths of inodes in a view that stands still, of those to which a way leads from the root. Remembers some directories. Used by one thread. */
final class PathsOf {
    private static final long ROOT = 1;
    private static final int REMEMBERED = 10_000;

    private final MetadataView view;
    private final Cache<Long, Optional<String>> directories =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    PathsOf(MetadataView view) {
        this.view = view;
    }

    MetadataView view() {
        return view;
    }

    /** The names of an inode to which a way leads; of the root there is none. */
    List<DirentRow> names(InodeRow inode) {
        List<DirentRow> names = new ArrayList<>();
        for (DirentRow name : view.names(inode.inode(), Integer.MAX_VALUE)) {
            if (ofDirectory(name.parent()).isPresent()) {
                names.add(name);
            }
        }
        return names;
    }

    /** The path that ends with a name, which {@link #names} gave or that is in a directory of which that is true. */
    String of(DirentRow name) {
        return ofDirectory(name.parent()).orElseThrow() + "/" + name.name();
    }

    /** The path of a directory, without a slash at the end: empty for the root. No value if no way leads to it. */
    private Optional<String> ofDirectory(long directory) {
        if (directory == ROOT) {
            return Optional.of("");
        }
        Optional<String> known = directories.getIfPresent(directory);
        if (known == null) {
            known = look(directory);
            directories.put(directory, known);
        }
        return known;
    }

    private Optional<String> look(long directory) {
        Optional<InodeRow> inode = view.inode(directory);
        if (inode.isEmpty() || inode.get().parent() == directory) {
            return Optional.empty();
        }
        return view.anyName(directory)
                .flatMap(name -> ofDirectory(name.parent()).map(above -> above + "/" + name.name()));
    }
}
