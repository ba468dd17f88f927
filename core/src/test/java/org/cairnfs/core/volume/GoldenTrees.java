package org.cairnfs.core.volume;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.treelock.UnlockPolicy;

/**
 * Writes the golden volume whose server was killed while it worked on trees: one is locked, one is being locked until a date, one is
 * being unlocked, one is being removed. To be run by hand, for a new format only; the argument is the folder.
 */
final class GoldenTrees {
    static final Instant UNTIL = Instant.parse("2400-01-01T00:00:00Z");
    static final int FILES = 20;

    private GoldenTrees() {}

    public static void main(String[] arguments) throws Exception {
        GoldenVolumes.write(Path.of(arguments[0]).resolve("volume-trees"), Optional.empty(), GoldenTrees::fill);
    }

    /** In grace nothing is freed, and other work waits behind that; so the bucket has it as it began. */
    private static void fill(Path bucket, Optional<Secret> secret, Path temporary, FakeClock clock) throws Exception {
        CairnVolume volume = CairnVolume.open(
                Buckets.open(LocalObjectStore.open(bucket), secret),
                Files.createDirectory(temporary.resolve("state")),
                CrashRun.options(clock),
                bytes -> {});
        Shell shell = new Shell(volume.fileSystem());
        for (String tree : List.of("/locked", "/dated", "/unlocked", "/removed")) {
            shell.mkdir(tree, 0755);
            shell.mkdir(tree + "/below", 0755);
            for (int i = 0; i < FILES; i++) {
                clock.advance(1_000_000);
                shell.touch(tree + "/below/" + i, 0644);
            }
        }
        shell.link("/removed/below/7", "/seven");
        volume.trees().lock(List.of("/locked", "/unlocked"), 0);
        volume.finishBackgroundWork();
        volume.trees().remove(List.of("/removed"), false);
        volume.trees().unlock(List.of("/unlocked"), UnlockPolicy.ALLOWED);
        volume.trees().lock(List.of("/dated"), UNTIL.toEpochMilli());
        volume.barrier();
        volume.abandon();
    }
}
