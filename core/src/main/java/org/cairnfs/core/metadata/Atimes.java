package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.cairnfs.core.metadata.row.AtimeRow;

/** Access times that are not journaled yet: the newest of each inode. Any thread. */
final class Atimes {
    private final ConcurrentMap<Long, Long> touched = new ConcurrentHashMap<>();

    void touch(long inode, long atime) {
        touched.merge(inode, atime, Math::max);
    }

    /** The noted time, or null. */
    Long touched(long inode) {
        return touched.get(inode);
    }

    int size() {
        return touched.size();
    }

    /** Some of them; they stay noted until {@link #journaled}. */
    List<AtimeRow> some(int limit) {
        List<AtimeRow> rows = new ArrayList<>();
        for (Map.Entry<Long, Long> entry : touched.entrySet()) {
            rows.add(new AtimeRow(entry.getKey(), entry.getValue()));
            if (rows.size() == limit) {
                break;
            }
        }
        return rows;
    }

    /** These are rows now; one that was noted anew meanwhile stays. */
    void journaled(List<AtimeRow> rows) {
        for (AtimeRow row : rows) {
            touched.remove(row.inode(), row.atime());
        }
    }

    /** The inode is gone. */
    void forget(long inode) {
        touched.remove(inode);
    }
}
