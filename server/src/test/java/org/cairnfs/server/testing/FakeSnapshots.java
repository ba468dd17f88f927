package org.cairnfs.server.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.VolumeSnapshots;

/** Snapshots that are names in a list; those of the schedule, which expire, are called {@code auto-}. Thread-safe. */
final class FakeSnapshots implements VolumeSnapshots {
    private final List<Info> all = new ArrayList<>(List.of(new Info("auto-1", 1, 1_000_000, 0, true)));

    @Override
    public synchronized List<Info> list() {
        return List.copyOf(all);
    }

    @Override
    public synchronized Info create(String name) throws CairnException {
        if (find(name).isPresent()) {
            throw new CairnException(ExitCode.USAGE, "there is a snapshot " + name + " already", "");
        }
        Info made = new Info(name.isEmpty() ? "now" : name, all.size() + 1L, 2_000_000, 0, false);
        all.add(made);
        return made;
    }

    /** To the present: one of each kind; to another snapshot: as many files as its number says thousands. */
    @Override
    public synchronized Counts diff(String from, String to, String path, Changes changes) throws CairnException {
        require(from);
        if (to.isEmpty()) {
            changes.take(List.of(
                    new Change("renamed", "file", "/z", "/y", List.of()),
                    new Change("modified", "file", "/c", "", List.of("contents", "mode"))));
            changes.take(List.of(
                    new Change("added", "directory", "/a", "", List.of()),
                    new Change("removed", "symlink", "/b", "", List.of())));
            return new Counts(1, 1, 1, 1);
        }
        long thousands = require(to).number();
        for (int i = 0; i < thousands * 1_000; i++) {
            changes.take(List.of(new Change("added", "file", "/" + i, "", List.of())));
        }
        return new Counts(thousands * 1_000, 0, 0, 0);
    }

    @Override
    public synchronized RolledBack rollback(String name, String path, Progress progress) throws CairnException {
        return new RolledBack(path, require(name).name(), "before-rollback");
    }

    @Override
    public long nextMillis() {
        return 3_600_000;
    }

    private Optional<Info> find(String name) {
        return all.stream().filter(snapshot -> snapshot.name().equals(name)).findFirst();
    }

    private Info require(String name) throws CairnException {
        return find(name).orElseThrow(() -> new CairnException(ExitCode.USAGE, "there is no snapshot " + name, ""));
    }

    @Override
    public synchronized Info delete(String name) throws CairnException {
        Info gone = require(name);
        all.remove(gone);
        return gone;
    }

    private Info replace(Info before, Info after) {
        all.set(all.indexOf(before), after);
        return after;
    }

    @Override
    public synchronized Info rename(String name, String to) throws CairnException {
        Info before = require(name);
        return replace(
                before, new Info(to, before.number(), before.createdMillis(), before.holds(), before.automatic()));
    }

    private Info holds(String name, int more) throws CairnException {
        Info before = require(name);
        return replace(
                before,
                new Info(name, before.number(), before.createdMillis(), before.holds() + more, before.automatic()));
    }

    @Override
    public synchronized Info hold(String name) throws CairnException {
        return holds(name, 1);
    }

    @Override
    public synchronized Info release(String name) throws CairnException {
        return holds(name, -1);
    }

    @Override
    public synchronized List<Info> expire(boolean dryRun) {
        List<Info> expired = all.stream().filter(Info::automatic).toList();
        if (!dryRun) {
            all.removeAll(expired);
        }
        return expired;
    }
}
