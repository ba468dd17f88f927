package org.cairnfs.server.app;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.check.CheckListener;
import org.cairnfs.core.check.Finding;
import org.cairnfs.core.check.FindingKind;
import org.cairnfs.core.check.FsckReport;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The checks of an open {@link CairnVolume}. */
final class EngineChecks implements VolumeChecks {
    private final CairnVolume volume;

    EngineChecks(CairnVolume volume) {
        this.volume = volume;
    }

    @Override
    public CheckReport check(boolean repair, Progress progress) throws CairnException {
        try {
            return of(volume.check(repair, listener(progress)), repair);
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public VerifyReport verify(VerifyRequest request, Progress progress) throws CairnException {
        Optional<Instant> since = request.sinceMillis() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(request.sinceMillis()));
        try {
            return of(volume.verify(
                    new org.cairnfs.core.check.VerifyRequest(request.data(), request.sample(), since),
                    listener(progress)));
        } catch (VolumeException e) {
            throw EngineFailures.of(e);
        }
    }

    private static VerifyReport of(org.cairnfs.core.check.VerifyReport report) {
        return new VerifyReport(
                report.packs(),
                report.missing(),
                report.chunks(),
                report.bytes(),
                report.damaged(),
                report.repaired(),
                report.files().stream()
                        .map(file -> new DamagedFile(file.snapshot(), file.path(), file.offset()))
                        .toList());
    }

    private static CheckListener listener(Progress progress) {
        return (phase, done, total) -> progress.report(phase, done, total, Progress.Unit.RECORDS);
    }

    private static CheckReport of(FsckReport report, boolean repair) {
        List<Found> kinds = new ArrayList<>();
        for (FindingKind kind : FindingKind.values()) {
            long found = report.found().getOrDefault(kind, 0L);
            long repaired = report.repaired().getOrDefault(kind, 0L);
            long left = report.left().getOrDefault(kind, 0L);
            if (found + repaired + left > 0) {
                kinds.add(new Found(kind.id(), kind.meaning(), kind.repair(), found, repaired, left));
            }
        }
        return new CheckReport(
                report.isClean(),
                repair,
                report.inodes(),
                report.names(),
                report.chunks(),
                kinds,
                report.examples().stream().map(Finding::text).toList(),
                report.damagedChunks(),
                report.unknownObjects());
    }
}
