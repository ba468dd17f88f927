package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One flipped bit anywhere in the bucket: a machine that has nothing but the bucket either opens it and reads every file right or
 * not at all, or refuses it and names the object. {@code -Dcairn.long=true} tries every byte.
 */
class BucketDamageTest {
    private static final boolean LONG = Boolean.getBoolean("cairn.long");
    private static final int POSITIONS = 6;

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("cairn.seed", 20_261_122L));
    private final Map<String, byte[]> files = new TreeMap<>();
    private VolumeFixture fixture;
    private Map<Path, byte[]> objects;
    private int opened;

    @BeforeEach
    void fill() throws Exception {
        fixture = new VolumeFixture(folder, true);
        CairnVolume volume = fixture.open();
        for (String name : List.of("first", "second", "third")) {
            byte[] bytes = new byte[60_000];
            random.nextBytes(bytes);
            files.put(name, bytes);
            write(volume.fileSystem(), createFile(volume.fileSystem(), name), 0, bytes);
            volume.flush(left -> {});
            if (name.equals("second")) {
                volume.checkpoint();
            }
        }
        stop(volume);
        objects = new TreeMap<>();
        for (Path object : fixture.objects("")) {
            objects.put(object, Files.readAllBytes(object));
        }
    }

    @Test
    void noFlippedBitIsTakenForData() throws Exception {
        Map<String, String> outcomes = new TreeMap<>();
        for (Path object : objects.keySet()) {
            for (int position : positions(objects.get(object).length)) {
                restore();
                byte[] damaged = objects.get(object).clone();
                damaged[position] ^= (byte) (1 << random.nextInt(8));
                Files.write(object, damaged);
                String outcome = outcome(key(object), key(object) + ", byte " + position + " of " + damaged.length);
                outcomes.merge(key(object), outcome, (one, more) -> one.contains(more) ? one : one + ", " + more);
            }
        }
        assertThat(outcomes.entrySet())
                .as("%s", outcomes)
                .anyMatch(each ->
                        each.getKey().startsWith("pack/") && each.getValue().contains("EIO"))
                .anyMatch(each ->
                        each.getKey().startsWith("pack/") && each.getValue().contains("refused"));
        for (String all : List.of("format", "keys", "lease")) {
            assertThat(outcomes.get(all)).as(all).isEqualTo("refused");
        }
        String newestRoot = outcomes.keySet().stream()
                .filter(key -> key.startsWith("root/"))
                .reduce((one, next) -> next)
                .orElseThrow();
        assertThat(outcomes.get(newestRoot)).as(newestRoot).isEqualTo("refused");
    }

    @Test
    void aDamagedBucketThatWasMendedIsWhole() throws Exception {
        for (Path object : objects.keySet()) {
            byte[] damaged = objects.get(object).clone();
            damaged[damaged.length / 2] ^= 1;
            Files.write(object, damaged);
        }
        restore();
        fixture.loseState("mended");
        CairnVolume volume = fixture.open();
        assertThat(failing(volume.fileSystem(), "", "")).isEmpty();
        stop(volume);
    }

    private List<Integer> positions(int length) {
        TreeSet<Integer> positions = new TreeSet<>(List.of(0, length - 1));
        int many = LONG ? length : Math.min(length, POSITIONS);
        while (positions.size() < many) {
            positions.add(LONG ? positions.size() - 1 : random.nextInt(length));
        }
        return new ArrayList<>(positions);
    }

    private void restore() throws IOException {
        for (Path object : fixture.objects("")) {
            if (!objects.containsKey(object)) {
                Files.delete(object);
            }
        }
        for (Map.Entry<Path, byte[]> object : objects.entrySet()) {
            Files.write(object.getKey(), object.getValue());
        }
    }

    /** Opens the bucket with an empty state directory, and says what came of it. */
    private String outcome(String key, String description) throws Exception {
        fixture.loseState("state-" + opened++);
        CairnVolume volume;
        try {
            volume = fixture.open();
        } catch (IOException | VolumeException e) {
            assertThat(e.getMessage()).as(description).contains(key);
            return "refused";
        }
        try {
            List<String> failing = failing(volume.fileSystem(), key, description);
            assertThat(failing.size()).as(description).isLessThanOrEqualTo(1);
            return failing.isEmpty() ? "whole" : "EIO";
        } finally {
            volume.abandon();
        }
    }

    /** The files that are EIO; all others have to be right. */
    private List<String> failing(FileSystem fs, String key, String description) throws FsException {
        List<String> failing = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            try {
                assertThat(read(fs, lookup(fs, file.getKey()))).as(description).isEqualTo(file.getValue());
            } catch (FsException e) {
                assertThat(e.errno()).as(description).isEqualTo(Errno.EIO);
                assertThat(e.getMessage()).as(description).contains(key);
                failing.add(file.getKey());
            }
        }
        return failing;
    }

    private String key(Path object) {
        return StreamSupport.stream(fixture.bucketPath().relativize(object).spliterator(), false)
                .map(Path::toString)
                .filter(name -> !name.startsWith("_"))
                .collect(Collectors.joining("/"));
    }
}
