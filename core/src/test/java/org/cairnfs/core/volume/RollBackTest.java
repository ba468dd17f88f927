package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.stop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.bucket.Link;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody puts the whole bucket back to how it was: whoever knows of later notices. */
class RollBackTest {
    @TempDir
    Path folder;

    private VolumeFixture fixture;

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    private CairnVolume open() throws Exception {
        return open(Optional.empty());
    }

    private CairnVolume open(Optional<Link> atLeast) throws Exception {
        return fixture.open(VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withClaim(new VolumeOptions.Claim(false, atLeast)));
    }

    private Link add(String name) throws Exception {
        CairnVolume volume = open();
        createFile(volume.fileSystem(), name);
        volume.barrier();
        Link link = volume.link();
        stop(volume);
        return link;
    }

    private void copyBucket(Path to) throws Exception {
        VolumeFixture.copyTree(fixture.bucketPath(), to);
    }

    private void rollBack(Path to) throws Exception {
        try (var files = Files.walk(fixture.bucketPath())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        VolumeFixture.copyTree(to, fixture.bucketPath());
    }

    private static void assertRolledBack(ThrowingCallable open) {
        assertThatThrownBy(open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.ROLLED_BACK));
    }

    @Test
    void aServerThatRemembersNotices() throws Exception {
        add("first");
        Path before = folder.resolve("before");
        copyBucket(before);
        add("second");
        Path after = folder.resolve("after");
        copyBucket(after);

        rollBack(before);
        assertRolledBack(this::open);
        assertThat(fixture.state().resolve("diverged"))
                .as("nothing was set aside")
                .doesNotExist();

        rollBack(after);
        CairnVolume volume = open();
        lookup(volume.fileSystem(), "second");
        stop(volume);
    }

    /** Another server went on from the old state, and is further now: it is another past all the same. */
    @Test
    void aForkIsNoticed() throws Exception {
        add("first");
        Path before = folder.resolve("before");
        copyBucket(before);
        add("second");
        Path state = fixture.state();
        rollBack(before);
        fixture.loseState("other");
        for (int i = 0; i < 5; i++) {
            add("other-" + i);
        }
        fixture.useState(state);
        assertRolledBack(this::open);
    }

    @Test
    void onPurposeItIsPossible() throws Exception {
        add("first");
        Path before = folder.resolve("before");
        copyBucket(before);
        add("second");
        rollBack(before);
        fixture.loseState("fresh");
        CairnVolume volume = open();
        lookup(volume.fileSystem(), "first");
        stop(volume);
    }

    @Test
    void aNewMachineCanInsistOnALink() throws Exception {
        Link first = add("first");
        Path before = folder.resolve("before");
        copyBucket(before);
        Link second = add("second");
        add("third");
        fixture.loseState("fresh");
        stop(open(Optional.of(second)));
        stop(open(Optional.of(first)));

        rollBack(before);
        fixture.loseState("fresher");
        assertRolledBack(() -> open(Optional.of(second)));
        stop(open(Optional.of(first)));
    }

    /** What a server went on with after a take-over is behind what the one before remembers. */
    @Test
    void anotherServerMayHaveGoneOn() throws Exception {
        add("first");
        Path state = fixture.state();
        fixture.loseState("second");
        add("second");
        fixture.useState(state);
        CairnVolume volume = open();
        lookup(volume.fileSystem(), "second");
        stop(volume);
    }

    @Test
    void aMemoryThatCannotBeReadIsNone() throws Exception {
        add("first");
        Files.writeString(fixture.state().resolve("newest-link"), "height=x");
        CairnVolume volume = open();
        lookup(volume.fileSystem(), "first");
        stop(volume);
        Path file = fixture.state().resolve("newest-link");
        assertThat(Files.readString(file)).startsWith("height=");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
