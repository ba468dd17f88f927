package org.cairnfs.core.gc;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.ObjectStoreException;

/** The second step of a run: rewrites what is worth while, as far as the run's bounds go. For one run. */
final class Rewriting {
    private final GcParts parts;
    private final GcPolicy policy;
    private final Tally tally;
    private final GcListener listener;

    Rewriting(GcParts parts, GcPolicy policy, Tally tally, GcListener listener) {
        this.parts = parts;
        this.policy = policy;
        this.tally = tally;
        this.listener = listener;
    }

    /** Those of some packs that a run would rewrite. */
    static List<PackRow> worthWhile(MetadataView view, GcPolicy policy, List<PackRow> sparse) {
        List<PackRow> found = new ArrayList<>();
        List<PackRow> left = new ArrayList<>(sparse);
        while (!left.isEmpty()) {
            Set<Long> done = new HashSet<>();
            for (PackChunks pack : PackChunks.of(view, left, PackChunks.MOST)) {
                done.add(pack.pack().pack());
                if (PackRewriter.isWorthWhile(pack, policy.liveBelowPercent())) {
                    found.add(pack.pack());
                }
            }
            left.removeIf(pack -> done.contains(pack.pack()));
        }
        return found;
    }

    void run(PackSurvey survey, Collector.Stop stop) throws ObjectStoreException, FsException {
        List<PackRow> left = new ArrayList<>(survey.sparse());
        Set<Long> anyway = new HashSet<>();
        for (PackRow pack : Iterables.concat(survey.small(), survey.oldKey())) {
            left.add(pack);
            anyway.add(pack.pack());
        }
        long total = left.size();
        PackRewriter rewriter = new PackRewriter(parts, tally);
        while (!left.isEmpty()) {
            List<PackChunks> some = PackChunks.of(parts.metadata().view(), left, PackChunks.MOST);
            for (PackChunks pack : some) {
                stop.check();
                if (tally.rewrittenBytes >= policy.rewriteBytes()) {
                    tally.more = true;
                    rewriter.finish();
                    return;
                }
                if (anyway.contains(pack.pack().pack()) || PackRewriter.isWorthWhile(pack, policy.liveBelowPercent())) {
                    rewriter.rewrite(pack);
                }
                listener.phase("rewriting packs", total - left.size() + some.indexOf(pack) + 1, total);
            }
            Set<Long> done = new HashSet<>();
            some.forEach(pack -> done.add(pack.pack().pack()));
            left.removeIf(pack -> done.contains(pack.pack()));
        }
        rewriter.finish();
    }
}
