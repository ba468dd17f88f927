package org.cairnfs.core.testkit;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ways to damage bytes that must be noticed by whoever reads them. */
public final class Damage {
    private Damage() {}

    /** One damaged copy, and what was done to it. */
    public record Damaged(String what, Bytes bytes) {}

    /** The bytes of a damaged copy. */
    public interface Bytes {
        /** The array itself. */
        byte[] array();
    }

    /** One bit flipped, in every byte in turn. */
    public static Stream<Damaged> bitFlips(byte[] original) {
        Random random = new Random(1);
        return IntStream.range(0, original.length).mapToObj(i -> {
            byte[] copy = original.clone();
            copy[i] ^= (byte) (1 << random.nextInt(8));
            return new Damaged("bit flipped in byte " + i, () -> copy);
        });
    }

    /** Cut off at every length that is shorter. */
    public static Stream<Damaged> truncations(byte[] original) {
        return IntStream.range(0, original.length).mapToObj(length -> {
            byte[] copy = Arrays.copyOf(original, length);
            return new Damaged("cut to " + length + " bytes", () -> copy);
        });
    }

    /** Something appended. */
    public static Stream<Damaged> appendices(byte[] original) {
        return Stream.of(1, 2, 16, 100).map(more -> {
            byte[] copy = Arrays.copyOf(original, original.length + more);
            return new Damaged(more + " zeros appended", () -> copy);
        });
    }

    /** All of the above. */
    public static Stream<Damaged> all(byte[] original) {
        return Stream.of(bitFlips(original), truncations(original), appendices(original))
                .flatMap(damages -> damages);
    }

    /** So many random changes of up to eight bytes each, with numbers at the borders of ranges among them. */
    public static Stream<Damaged> mutations(byte[] original, int count, long seed) {
        Random random = new Random(seed);
        byte[] special = {0, 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff};
        return IntStream.range(0, count).mapToObj(n -> {
            byte[] copy = original.clone();
            int at = random.nextInt(copy.length);
            int run = 1 + random.nextInt(8);
            for (int i = at; i < Math.min(copy.length, at + run); i++) {
                copy[i] = random.nextBoolean() ? special[random.nextInt(special.length)] : (byte) random.nextInt(256);
            }
            return new Damaged("mutation " + n + " of " + run + " bytes at " + at, () -> copy);
        });
    }
}
