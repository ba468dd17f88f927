package org.cairnfs.core.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cairnfs.core.crypto.ObjectSeal;
import org.cairnfs.core.crypto.Salt;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;

class ChunkPlaceProperties {
    private static final ChunkId ID = ChunkId.of(new byte[ChunkId.LENGTH]);

    @Property(tries = 200)
    void runsHoldEachPlaceOnceAndFitIntoARequest(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int packs, @ForAll @IntRange(max = 60) int count) {
        Random random = new Random(seed);
        List<ChunkPlace> places = new ArrayList<>();
        for (int i = 0; i < packs; i++) {
            PackInfo pack = new PackInfo(
                    PackName.random(new SecureRandom()),
                    PackKind.DATA,
                    new ObjectSeal(0, Salt.of(new byte[Salt.LENGTH])));
            int offset = 80;
            for (int j = 0; j < count; j++) {
                int length = PackEntry.MIN_STORED + random.nextInt(random.nextBoolean() ? 100 : 1_000_000);
                places.add(new ChunkPlace(
                        places.size(), pack, new PackEntry(ID, offset, length, 1 + random.nextInt(1_000))));
                offset += length + (random.nextInt(4) == 0 ? random.nextInt(200_000) : 0);
            }
        }
        Collections.shuffle(places, random);
        List<List<ChunkPlace>> runs = ChunkPlace.runs(places);
        assertThat(runs.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(places);
        for (List<ChunkPlace> run : runs) {
            ChunkPlace first = run.get(0);
            assertThat(run).allSatisfy(place -> assertThat(place.pack()).isEqualTo(first.pack()));
            assertThat(run)
                    .isSortedAccordingTo((a, b) ->
                            Integer.compare(a.entry().offset(), b.entry().offset()));
            int span = run.get(run.size() - 1).end() - first.entry().offset();
            assertThat(run.size() == 1 || span <= ChunkPlace.MAX_RUN).isTrue();
        }
    }
}
