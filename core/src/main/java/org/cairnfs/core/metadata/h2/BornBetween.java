package org.cairnfs.core.metadata.h2;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cairnfs.core.metadata.h2.ChangedInodes.Place;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Finds the inodes that two epochs show differently, in time that depends on how many there are: both are shown by snapshots that the
 * caller keeps. Stateless.
 *
 * <p>Of an inode that the earlier epoch shows, that image has ended by the later one, and is history for good. One that is new has an image that was
 * born between the two and that the later epoch shows: in the present, or in history by now. The present is asked first, as in {@link AsOf}; so an
 * image that moves meanwhile is found in one of the two, or in both, and counted once.
 */
public final class BornBetween {
    private static final TableBinding<RowKey.Inode, InodeRow> INODE = InodeBindings.INODE;
    private static final String SAME = " WHERE born = ? AND inode > ?";
    private static final String LATER = " WHERE born > ? AND born <= ?";
    private static final String ORDER = " ORDER BY born, inode FETCH FIRST ? ROWS ONLY";
    private static final String PRESENT = "SELECT " + INODE.columns() + " FROM inode";
    private static final String HISTORY = "SELECT " + INODE.columns() + " FROM inode_history";
    private static final String SHOWN = " AND died > ?";

    private BornBetween() {}

    /** All statements, for a look at their plans. */
    static List<String> statements() {
        return List.of(
                PRESENT + SAME + ORDER,
                HISTORY + SAME + SHOWN + ORDER,
                PRESENT + LATER + ORDER,
                HISTORY + LATER + SHOWN + ORDER);
    }

    /**
     * Some of them.
     *
     * @param since the earlier epoch
     * @param until the later one
     * @param limit how many images to look at
     */
    public static ChangedInodes find(SqlSession session, long since, long until, Place behind, int limit)
            throws SQLException {
        return behind.ended()
                ? ended(session, since, until, behind, limit)
                : born(session, since, until, behind, limit);
    }

    private static ChangedInodes ended(SqlSession session, long since, long until, Place behind, int limit)
            throws SQLException {
        HistoryPlace from = behind.equals(ChangedInodes.BEGINNING)
                ? HistoryPlace.after(since)
                : new HistoryPlace(behind.epoch(), Optional.of(new RowKey.Inode(behind.inode())));
        List<HistoryRow> page = Ranges.historyByEnd(session, Table.INODE, from, limit);
        List<Long> inodes = new ArrayList<>();
        for (HistoryRow image : page) {
            InodeRow inode = (InodeRow) image.row();
            if (image.died() > until) {
                break;
            }
            if (inode.born() <= since) {
                inodes.add(inode.inode());
            }
        }
        HistoryRow last = page.isEmpty() ? null : page.get(page.size() - 1);
        Place next = last == null || page.size() < limit || last.died() > until
                ? new Place(false, since, Long.MAX_VALUE)
                : new Place(true, last.died(), ((InodeRow) last.row()).inode());
        return new ChangedInodes(inodes, Optional.of(next));
    }

    private static ChangedInodes born(SqlSession session, long since, long until, Place behind, int limit)
            throws SQLException {
        TreeMap<Long, InodeRow> same = new TreeMap<>();
        if (behind.epoch() > since) {
            add(same, read(session, PRESENT + SAME + ORDER, statement -> {
                statement.setLong(1, behind.epoch());
                statement.setLong(2, behind.inode());
                statement.setInt(3, limit);
            }));
            add(same, read(session, HISTORY + SAME + SHOWN + ORDER, statement -> {
                statement.setLong(1, behind.epoch());
                statement.setLong(2, behind.inode());
                statement.setLong(3, until);
                statement.setInt(4, limit);
            }));
        }
        List<InodeRow> found = same.values().stream().limit(limit).toList();
        if (found.isEmpty()) {
            found = later(session, until, behind.epoch(), limit);
        }
        List<Long> inodes = new ArrayList<>();
        for (InodeRow inode : found) {
            if (AsOf.find(session, inode.key(), since).isEmpty()) {
                inodes.add(inode.inode());
            }
        }
        InodeRow last = found.isEmpty() ? null : found.get(found.size() - 1);
        return new ChangedInodes(
                inodes, Optional.ofNullable(last).map(image -> new Place(false, image.born(), image.inode())));
    }

    /** Of the next epoch in which any was born. */
    private static List<InodeRow> later(SqlSession session, long until, long behind, int limit) throws SQLException {
        TreeMap<Long, TreeMap<Long, InodeRow>> byBirth = new TreeMap<>();
        List<InodeRow> both = new ArrayList<>(read(session, PRESENT + LATER + ORDER, statement -> {
            statement.setLong(1, behind);
            statement.setLong(2, until);
            statement.setInt(3, limit);
        }));
        both.addAll(read(session, HISTORY + LATER + SHOWN + ORDER, statement -> {
            statement.setLong(1, behind);
            statement.setLong(2, until);
            statement.setLong(3, until);
            statement.setInt(4, limit);
        }));
        both.forEach(image ->
                byBirth.computeIfAbsent(image.born(), born -> new TreeMap<>()).put(image.inode(), image));
        return byBirth.isEmpty()
                ? List.of()
                : byBirth.firstEntry().getValue().values().stream().limit(limit).toList();
    }

    private static void add(Map<Long, InodeRow> to, List<InodeRow> images) {
        images.forEach(image -> to.put(image.inode(), image));
    }

    /** Binds the parameters of a query. */
    private interface Parameters {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private static List<InodeRow> read(SqlSession session, String sql, Parameters parameters) throws SQLException {
        return session.list(sql, parameters::bind, INODE::read);
    }
}
