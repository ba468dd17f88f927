package org.cairnfs.server.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cairnfs.server.app.Guarded;
import org.cairnfs.server.app.MountOperations;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.ServerStatus;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.app.VolumeTrash;
import org.cairnfs.server.config.Sizes;

/** The status of a server for people. */
final class StatusText {
    /** Of so many parts of a bound, the last one is told of when it is begun. */
    private static final int NEAR = 10;

    private StatusText() {}

    /** @param now milliseconds since 1970 */
    static void print(PrintStream out, ServerStatus status, long now) {
        VolumeStatus volume = status.volume();
        out.println("cairn " + status.version() + ", process " + status.pid() + ", up "
                + Sizes.formatMillis(Math.max(0, now - status.startedAt())));
        line(
                out,
                "file system",
                volume.fileSystemId()
                        + (volume.label().isEmpty() ? "" : " (" + volume.label() + ")")
                        + (volume.encrypted() ? ", encrypted, " : ", NOT encrypted, ")
                        + volume.compression());
        line(out, "storage", volume.storage());
        line(out, "state", status.state());
        line(out, "", state(volume));
        line(
                out,
                "serving",
                status.address() + ", port " + status.port() + ", "
                        + count(status.clients().size(), "client")
                        + (status.metricsPort() < 0
                                ? ""
                                : "; dashboard http://127.0.0.1:" + status.metricsPort() + "/"));
        line(out, "mounted", mounted(status.mount()));
        line(out, "delegations", delegations(status.delegations()));
        if (volume.following().readOnly()) {
            following(out, volume, now);
        } else {
            writing(out, volume, now);
        }
        line(
                out,
                "cache",
                "memory " + of(volume.cache().heapBytes(), volume.cache().heapBound()) + ", disk "
                        + of(volume.cache().diskBytes(), volume.cache().diskBound()));
        guarded(out, status.guarded(), now);
        if (!volume.link().isEmpty()) {
            line(out, "newest link", volume.link());
        }
        status.exports().forEach(export -> line(out, "export", export));
        status.clients().forEach(client -> line(out, "client", client(client)));
        status.usage().stream()
                .filter(usage -> usage.used() > usage.bound() / NEAR * (NEAR - 1))
                .forEach(usage -> line(
                        out,
                        "",
                        String.format(
                                Locale.ROOT,
                                "NEAR A LIMIT: %,d of %,d %s",
                                usage.used(),
                                usage.bound(),
                                usage.what())));
    }

    /** Of a server that writes to the bucket. */
    private static void writing(PrintStream out, VolumeStatus volume, long now) {
        line(out, "durability", volume.durability().name().toLowerCase(Locale.ROOT) + "; " + bucket(volume.barrier()));
        line(
                out,
                "journal",
                of(volume.journal().bytes(), volume.journal().bound()) + ", incarnation " + volume.incarnation());
        if (!volume.journal().shortage().isEmpty()) {
            line(out, "", "CHANGES WAIT: " + volume.journal().shortage());
        }
        line(out, "dirty", of(volume.dirty().bytes(), volume.dirty().bound()));
        line(out, "uploads", uploads(volume.uploads()));
        line(out, "garbage", garbage(volume.garbage(), now));
        line(out, "scrub", scrub(volume.scrub(), now));
    }

    /** Nothing of what there is none of. */
    private static void guarded(PrintStream out, Guarded guarded, long now) {
        List<String> snapshots = new ArrayList<>();
        if (guarded.snapshots() > 0) {
            snapshots.add(
                    count(guarded.snapshots(), "snapshot") + ", the newest of " + ago(guarded.newestSnapshot(), now));
        }
        if (guarded.nextSnapshot() > 0) {
            snapshots.add("the next in " + Sizes.formatMillis(Math.max(0, guarded.nextSnapshot() - now)));
        }
        line(out, "snapshots", String.join("; ", snapshots));
        line(out, "locks", guarded.locks() == 0 ? "" : count(guarded.locks(), "immutable tree"));
        VolumeTrash.Counts trash = guarded.trash();
        line(
                out,
                "trash",
                trash.items() == 0
                        ? ""
                        : count(trash.items(), "removed inode") + ", " + Sizes.formatBytes(trash.bytes()));
        guarded.tight().forEach(quota -> line(out, "", "QUOTA NEARLY USED UP: " + QuotaCommand.text(quota)));
    }

    /** Of one that reads it. */
    private static void following(PrintStream out, VolumeStatus volume, long now) {
        VolumeStatus.Barrier barrier = volume.barrier();
        line(
                out,
                "read-only",
                "as of " + Instant.ofEpochMilli(barrier.takenAt()) + " (" + ago(barrier.takenAt(), now) + "), record "
                        + barrier.sequence());
        line(out, "", "the newest that there was " + ago(volume.following().lookedAt(), now));
        if (!volume.following().lastError().isEmpty()) {
            line(out, "", "CANNOT BE FOLLOWED NOW: " + volume.following().lastError());
        }
    }

    private static String ago(long then, long now) {
        return Sizes.formatMillis(Math.max(0, now - then)) + " ago";
    }

    private static void line(PrintStream out, String name, String value) {
        if (!value.isEmpty()) {
            out.printf(Locale.ROOT, "%-12s %s%n", name, value);
        }
    }

    private static String state(VolumeStatus volume) {
        return switch (volume.state()) {
            case SERVING -> "";
            case STORE_UNREACHABLE ->
                volume.following().readOnly()
                        ? "" // what it could not be asked is said below
                        : "THE OBJECT STORE CANNOT BE REACHED: serving from journal and cache";
            case STOPPING -> "STOPPING";
            case FAILED -> "FAILED: see the log";
        };
    }

    private static String bucket(VolumeStatus.Barrier barrier) {
        return barrier.behindMillis() == 0
                ? "the bucket has everything"
                : "the bucket is " + Sizes.formatMillis(barrier.behindMillis()) + " behind";
    }

    private static String uploads(VolumeStatus.Uploads uploads) {
        String pending = uploads.pendingObjects() == 0
                ? "none pending"
                : count(uploads.pendingObjects(), "object") + ", " + Sizes.formatBytes(uploads.pendingBytes())
                        + " pending";
        return uploads.lastError().isEmpty() ? pending : pending + "; last error: " + uploads.lastError();
    }

    private static String garbage(VolumeStatus.Garbage garbage, long now) {
        String last = garbage.endedAt() == 0
                ? ""
                : "collected " + Sizes.formatMillis(Math.max(0, now - garbage.endedAt())) + " ago, "
                        + Sizes.formatBytes(garbage.waitingBytes()) + " kept to be restored, "
                        + count(garbage.restorePoints(), "restore point");
        return garbage.lastError().isEmpty()
                ? last
                : last + (last.isEmpty() ? "" : "; ") + "broken off: " + garbage.lastError();
    }

    /** Nothing while there never was any, and none is to be. */
    private static String scrub(VolumeStatus.Scrub scrub, long now) {
        if (scrub.begunAt() == 0) {
            return scrub.everyMillis() == 0 ? "" : "begins soon";
        }
        boolean underWay = scrub.begunAt() > scrub.endedAt();
        String how = underWay
                ? String.format(
                        Locale.ROOT,
                        "%,d of %,d chunks read, begun %s",
                        scrub.checked(),
                        scrub.chunks(),
                        ago(scrub.begunAt(), now))
                : "ended " + ago(scrub.endedAt(), now) + ", " + count(scrub.checked(), "chunk") + " read";
        String found = scrub.damaged() == 0
                ? "; no damage"
                : String.format(Locale.ROOT, "; %,d DAMAGED, %,d of them repaired", scrub.damaged(), scrub.repaired());
        return how + found + (scrub.lastError().isEmpty() ? "" : "; waits: " + scrub.lastError());
    }

    private static String client(NfsService.Client client) {
        return "NFS " + client.protocol() + ", " + client.name() + ", " + count(client.opens(), "open file") + ", "
                + count(client.locks(), "lock")
                + (client.delegations() == 0 ? "" : ", " + count(client.delegations(), "delegation"))
                + (client.mounts().isEmpty() ? "" : ", mounts " + String.join(" ", client.mounts()));
    }

    /** Nothing while there never was any. */
    private static String delegations(NfsService.Delegations delegations) {
        return delegations.granted() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%,d held; %,d given, %,d recalled, %,d revoked since the start",
                        delegations.held(),
                        delegations.granted(),
                        delegations.recalled(),
                        delegations.revoked());
    }

    /** Nothing of what is not mounted here. */
    private static String mounted(MountOperations.Mounted mount) {
        return mount.directory().isEmpty()
                ? ""
                : "on " + mount.directory() + " (" + mount.options() + "), " + count(mount.openFiles(), "open file")
                        + ", " + count(mount.requests(), "request");
    }

    static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private static String of(long bytes, long bound) {
        return Sizes.formatBytes(bytes) + " of " + Sizes.formatBytes(bound);
    }
}
