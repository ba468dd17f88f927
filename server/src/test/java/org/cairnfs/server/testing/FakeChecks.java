package org.cairnfs.server.testing;

import java.util.List;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.VolumeChecks;

/** Checks that find one damage at the first, and nothing any more once it was repaired. */
final class FakeChecks implements VolumeChecks {
    private boolean damaged = true;

    @Override
    public synchronized CheckReport check(boolean repair, Progress progress) {
        progress.report("inodes", 2, 2, Progress.Unit.RECORDS);
        if (!damaged) {
            return new CheckReport(true, repair, 2, 3, 5, List.of(), List.of(), 0, 0);
        }
        damaged = !repair;
        Found found = new Found("links", "a count is wrong", "it is counted", 1, repair ? 1 : 0, repair ? 0 : 1);
        return new CheckReport(repair, repair, 2, 3, 5, List.of(found), List.of("inode 7 has 1 names"), 4, 6);
    }

    @Override
    public VerifyReport verify(VerifyRequest request, Progress progress) {
        boolean whole = request.data() && request.sample() == 1;
        List<DamagedFile> files =
                whole ? List.of(new DamagedFile("", "/a", 7), new DamagedFile("then", "/b", 0)) : List.of();
        return new VerifyReport(9, 0, request.data() ? 5 : 0, 4096, whole ? 2 : 0, 0, files);
    }
}
