package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.core.volume.ShippingTest.random;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who may write to the bucket, and has older states of it and other file systems with the same passphrase, swaps, replays, cuts and
 * lengthens objects of each kind. A machine that has nothing but the bucket refuses it, or gives EIO for what it cannot have, and names the
 * object; it never gives other bytes than were written.
 */
class AttackerTest {
    @TempDir
    Path folder;

    private final Map<String, byte[]> files = new TreeMap<>();
    private VolumeFixture fixture;
    private Map<String, byte[]> before;
    private Map<String, byte[]> objects;
    private Map<String, byte[]> others;
    private Link newest;
    private int opened;

    @BeforeEach
    void fill() throws Exception {
        fixture = new VolumeFixture(Files.createDirectory(folder.resolve("one")), true);
        add("first", true);
        add("second", true);
        before = read(fixture);
        add("third", true);
        add("fourth", false);
        objects = read(fixture);
        VolumeFixture other = new VolumeFixture(Files.createDirectory(folder.resolve("other")), true);
        CairnVolume volume = other.open();
        write(volume.fileSystem(), createFile(volume.fileSystem(), "first"), 0, files.get("first"));
        volume.flush(left -> {});
        volume.checkpoint();
        stop(volume);
        others = read(other);
    }

    private void add(String name, boolean checkpoint) throws Exception {
        CairnVolume volume = fixture.open();
        byte[] bytes = random(files.size(), 60_000);
        files.put(name, bytes);
        write(volume.fileSystem(), createFile(volume.fileSystem(), name), 0, bytes);
        volume.flush(left -> {});
        if (checkpoint) {
            volume.checkpoint();
        }
        stop(volume);
        newest = volume.link();
    }

    private static Map<String, byte[]> read(VolumeFixture of) throws Exception {
        Map<String, byte[]> found = new TreeMap<>();
        try (Bucket bucket = of.bucket()) {
            ObjectStore store = bucket.store();
            List<String> keys = new ArrayList<>();
            store.forEach("", object -> keys.add(object.key()));
            for (String key : keys) {
                found.put(key, store.get(key, 1 << 26));
            }
        }
        return found;
    }

    private void put(Map<String, byte[]> all) throws IOException {
        ObjectStore store = LocalObjectStore.open(fixture.bucketPath());
        List<String> there = new ArrayList<>();
        store.forEach("", object -> there.add(object.key()));
        for (String key : there) {
            if (!all.containsKey(key)) {
                store.delete(key);
            }
        }
        for (Map.Entry<String, byte[]> object : all.entrySet()) {
            store.put(object.getKey(), ByteBuffer.wrap(object.getValue()));
        }
    }

    /** The keys of a kind, in order. */
    private List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    private String last(String prefix) {
        List<String> keys = keys(prefix);
        return keys.get(keys.size() - 1);
    }

    /** What came of a bucket: refused with a message, or each file with its bytes or its error. */
    private String outcome(Map<String, byte[]> attacked) throws Exception {
        put(attacked);
        fixture.loseState("state-" + opened++);
        CairnVolume volume;
        try {
            volume = fixture.open();
        } catch (IOException | VolumeException e) {
            return "refused: " + e.getMessage();
        }
        List<String> errors = new ArrayList<>();
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                try {
                    assertThat(VolumeFixture.read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                            .as(file.getKey())
                            .isEqualTo(file.getValue());
                } catch (FsException e) {
                    errors.add(e.errno() + " " + file.getKey() + ": " + e.getMessage());
                }
            }
        } finally {
            volume.abandon();
        }
        return errors.isEmpty() ? "whole" : String.join("; ", errors);
    }

    private Map<String, byte[]> with(String key, byte[] bytes) {
        Map<String, byte[]> attacked = new TreeMap<>(objects);
        attacked.put(key, bytes);
        return attacked;
    }

    /** What a machine that has only the bucket needs, one of each kind; of packs with data, two. */
    private List<String> needed() throws Exception {
        List<String> needed = new ArrayList<>(List.of("format", "keys", "lease", last("log/"), last("root/")));
        try (Bucket bucket = fixture.bucket()) {
            needed.add(
                    bucket.roots().newest().orElseThrow().chunks().get(0).pack().objectKey());
        }
        keys("pack/").stream()
                .filter(key -> objects.get(key).length > 50_000)
                .limit(2)
                .forEach(needed::add);
        assertThat(needed).hasSize(8);
        return needed;
    }

    /** It is refused with the object's name and a reason, or the files in the object are EIO with them; all others are whole. */
    private void assertNoticed(String attack, Map<String, byte[]> attacked, List<String> named, String... reasons)
            throws Exception {
        String outcome = outcome(attacked);
        assertThat(named.stream().filter(outcome::contains))
                .as("%s: %s", attack, outcome)
                .isNotEmpty();
        assertThat(Arrays.stream(reasons).filter(outcome::contains))
                .as("%s: %s", attack, outcome)
                .isNotEmpty();
        assertThat(outcome).as(attack).doesNotContain("\n").matches("refused: .*|EIO .*");
    }

    @Test
    void objectsThatChangedPlacesAreNoticed() throws Exception {
        List<String> needed = needed();
        for (int i = 0; i < needed.size(); i++) {
            String one = needed.get(i);
            String other = needed.get((i + 1) % needed.size());
            assertSwapNoticed(one, other);
        }
        assertSwapNoticed(keys("root/").get(0), last("root/"));
        assertSwapNoticed(keys("log/").get(0), last("log/"));
    }

    private void assertSwapNoticed(String one, String other) throws Exception {
        Map<String, byte[]> swapped = with(one, objects.get(other));
        swapped.put(other, objects.get(one));
        assertNoticed(
                one + " <-> " + other,
                swapped,
                List.of(one, other),
                "wrong magic",
                "kind is ",
                "does not authenticate",
                "head of the frame does not say what it should",
                "ends within chunk");
    }

    @Test
    void objectsThatWereCutOrLengthenedOrRemovedAreNoticed() throws Exception {
        for (String key : needed()) {
            byte[] bytes = objects.get(key);
            assertNoticed(
                    "half of " + key,
                    with(key, Arrays.copyOf(bytes, bytes.length / 2)),
                    List.of(key),
                    "too short",
                    "truncated",
                    "ends too early");
            if (!key.startsWith("pack/")) {
                assertNoticed(
                        "more of " + key,
                        with(key, Arrays.copyOf(bytes, bytes.length + 16)),
                        List.of(key),
                        "16 bytes after the last frame",
                        "16 bytes too many");
            }
            if (!key.equals("lease") && !key.startsWith("log/")) {
                Map<String, byte[]> without = new TreeMap<>(objects);
                without.remove(key);
                String named = key.startsWith("root/") ? last("log/") : key;
                assertNoticed("no " + key, without, List.of(named), "no object", "is missing", "is not in the bucket");
            }
        }
    }

    /** No reader sees what lies behind the chunks; the list of the collection tells. */
    @Test
    void packsThatWereLengthenedAreReadOnAndReported() throws Exception {
        String pack = needed().get(7);
        assertThat(outcome(with(pack, Arrays.copyOf(objects.get(pack), objects.get(pack).length + 16))))
                .isEqualTo("whole");
        fixture.loseState("reporting");
        fixture.holderIsDead();
        CairnVolume volume = fixture.open(VolumeOptions.defaults()
                .withGarbage(new VolumeOptions.Garbage(GcPolicy.DEFAULT.withGrace(Duration.ZERO), Duration.ZERO)));
        volume.fileSystem().endGrace();
        assertThat(volume.collectGarbage(GcRequest.WHOLE, GcListener.NONE).damagedPacks())
                .isEqualTo(1);
        volume.abandon();
    }

    @Test
    void objectsOfAnotherFileSystemWithTheSamePassphraseAreNoticed() throws Exception {
        for (String key : needed()) {
            String kind = key.replaceAll("/.*", "");
            String foreign = others.keySet().stream()
                    .filter(other -> other.startsWith(kind))
                    .max(Comparator.comparing(other -> others.get(other).length))
                    .orElseThrow();
            assertNoticed(
                    key + " of another",
                    with(key, others.get(foreign)),
                    List.of(key, "object keys"),
                    "is of another file system",
                    "does not commit to our key",
                    "head of the frame does not say what it should");
        }
    }

    /** An old lease gives nobody anything: whoever takes it passes over what there was since. */
    @Test
    void anOldLeaseDoesNoHarm() throws Exception {
        assertThat(outcome(with("lease", before.get("lease")))).isEqualTo("whole");
        try (Bucket bucket = fixture.bucket()) {
            assertThat(bucket.logs().positions().stream()
                            .map(Logs.Position::incarnation)
                            .distinct())
                    .as("the start that found it has an incarnation of its own")
                    .hasSize(5);
        }
    }

    /** The end of the chain is missing, and nothing else: that is no damage, but a state that was; who remembers a later one notices. */
    @Test
    void aChainWhoseEndWasCutOffIsNoticedByWhoeverRemembers() throws Exception {
        Map<String, byte[]> cut = new TreeMap<>(objects);
        cut.remove(last("log/"));
        Path remembering = fixture.state();
        assertThat(outcome(cut)).startsWith("ENOENT fourth");
        put(cut);
        fixture.useState(remembering);
        assertRolledBack(VolumeOptions.defaults());
        put(cut);
        fixture.loseState("insisting");
        assertRolledBack(VolumeOptions.defaults().withClaim(new VolumeOptions.Claim(false, Optional.of(newest))));
    }

    /** Neither what is in files, nor their names, targets of links, attributes, sizes or times, nor the label. */
    @Test
    void nothingPlainIsInTheBucket() throws Exception {
        VolumeFixture telling = new VolumeFixture(Files.createDirectory(folder.resolve("telling")), true);
        CairnVolume volume = telling.open();
        FileSystem fs = volume.fileSystem();
        FileHandle file = createFile(fs, "telling-name");
        write(fs, file, 0, "a telling sentence ".repeat(2_000).getBytes(StandardCharsets.US_ASCII));
        long size = 0x0123_4567_89abL;
        fs.setattr(op(), file, SetAttributes.ofSize(size));
        fs.create(
                op(),
                fs.root(),
                Name.of("link"),
                CreateRequest.symlink(Bytes.copyOf("telling-target".getBytes(StandardCharsets.US_ASCII))));
        write(fs, createFile(fs, "short"), 0, "a telling word".getBytes(StandardCharsets.US_ASCII));
        volume.barrier();
        volume.flush(left -> {});
        volume.checkpoint();
        stop(volume);
        List<String> plain = new ArrayList<>(List.of("telling", "link", "short", "label", "test"));
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            byte[] bytes = ByteBuffer.allocate(8).order(order).putLong(size).array();
            byte[] digits = order == ByteOrder.BIG_ENDIAN ? Arrays.copyOfRange(bytes, 2, 8) : Arrays.copyOf(bytes, 6);
            plain.add(new String(digits, StandardCharsets.ISO_8859_1));
        }
        for (Map.Entry<String, byte[]> object : read(telling).entrySet()) {
            String text = object.getKey() + new String(object.getValue(), StandardCharsets.ISO_8859_1);
            assertThat(plain.stream().filter(text::contains))
                    .as(object.getKey())
                    .isEmpty();
        }
    }

    private void assertRolledBack(VolumeOptions options) {
        assertThatThrownBy(() -> fixture.open(options)).isInstanceOfSatisfying(VolumeException.class, e -> {
            assertThat(e.kind()).isEqualTo(VolumeException.Kind.ROLLED_BACK);
            assertThat(e.getMessage()).doesNotContain("\n");
        });
    }
}
