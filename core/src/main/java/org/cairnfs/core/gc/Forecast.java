package org.cairnfs.core.gc;

import java.io.IOException;
import java.util.List;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.PackRow;

/** Says what a run would do, without doing any of it: nothing is journaled, put or deleted. For one run. */
final class Forecast {
    private final GcParts parts;
    private final GcPolicy policy;
    private final LogRetention retention;
    private final Strays strays;

    Forecast(GcParts parts, GcPolicy policy, LogRetention retention, Strays strays) {
        this.parts = parts;
        this.policy = policy;
        this.retention = retention;
        this.strays = strays;
    }

    /**
     * A run as of now.
     *
     * @param points restore points that there are
     * @param drop whether it would drop them: then what it rewrites and retires goes at once, and else it waits
     */
    GcReport run(PackSurvey survey, List<CheckpointRow> points, long floor, boolean drop) throws IOException {
        Tally tally = new Tally();
        tally.packs = survey.packs();
        tally.packBytes = survey.bytes();
        tally.liveBytes = survey.liveBytes();
        tally.more = survey.more();
        List<PackRow> rewritten = Rewriting.worthWhile(parts.metadata().view(), policy, survey.sparse());
        rewritten.addAll(survey.small());
        rewritten.addAll(survey.oldKey());
        tally.oldKeyPacks = survey.oldKey().size();
        tally.rewrittenPacks = rewritten.size();
        tally.rewrittenBytes = rewritten.stream().mapToLong(PackRow::liveBytes).sum();
        tally.retiredPacks = survey.dead().size()
                + survey.leftovers().stream()
                        .filter(pack -> !parts.uploading().test(pack.pack()))
                        .count();
        tally.deletedPacks = survey.free().size();
        tally.deletedBytes = size(survey.free());
        if (drop) {
            tally.deletedPacks +=
                    survey.waiting() + tally.rewrittenPacks + survey.dead().size();
            tally.deletedBytes += survey.waitingBytes() + size(rewritten) + size(survey.dead());
            tally.restorePoints = 1;
            tally.deletedRoots = parts.bucket().roots().sequences().size();
            tally.deletedLogs = parts.bucket().logs().positions().size();
        } else {
            tally.waitingPacks = survey.waiting();
            tally.waitingBytes = survey.waitingBytes();
            Thinning.Choice choice =
                    Thinning.choose(points, policy.retention(), parts.clock().instant());
            long next =
                    Math.max(floor, choice.base().map(CheckpointRow::sequence).orElse(0L));
            LogRetention.Surplus surplus = retention.surplus(choice.kept(), next);
            tally.restorePoints = choice.kept().size();
            tally.deletedRoots = surplus.roots().size();
            tally.deletedLogs = surplus.logs().size();
            tally.deletedPacks += surplus.packs().size();
        }
        tally.strays = strays.find(tally.packs, policy.deletions()).size();
        return tally.report();
    }

    private static long size(List<PackRow> packs) {
        return packs.stream().mapToLong(PackRow::size).sum();
    }
}
