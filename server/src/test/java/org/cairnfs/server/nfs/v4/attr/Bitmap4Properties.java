package org.cairnfs.server.nfs.v4.attr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** A set of attribute numbers against a plain set of integers. */
class Bitmap4Properties {
    @Property
    void isTheSetOfItsNumbers(@ForAll Set<@IntRange(max = 127) Integer> numbers) {
        Bitmap4 bitmap = of(numbers);

        List<Integer> seen = new ArrayList<>();
        bitmap.forEach(seen::add);

        assertThat(seen).containsExactlyElementsOf(new TreeSet<>(numbers));
        assertThat(bitmap.isEmpty()).isEqualTo(numbers.isEmpty());
        for (int number = 0; number < Bitmap4.SIZE; number++) {
            assertThat(bitmap.contains(number)).isEqualTo(numbers.contains(number));
        }
    }

    @Property
    void survivesTheWire(@ForAll Set<@IntRange(max = 127) Integer> numbers) throws XdrException {
        XdrWriter out = new XdrWriter(64);
        of(numbers).encode(out);

        assertThat(Bitmap4.decode(new XdrReader(ByteBuffer.wrap(out.toByteArray()))))
                .isEqualTo(of(numbers));
    }

    @Property
    void setsAreSets(@ForAll Set<@IntRange(max = 127) Integer> left, @ForAll Set<@IntRange(max = 127) Integer> right) {
        Set<Integer> both = new TreeSet<>(left);
        both.retainAll(right);
        Set<Integer> either = new TreeSet<>(left);
        either.addAll(right);

        assertThat(of(left).and(of(right))).isEqualTo(of(both));
        assertThat(of(left).or(of(right))).isEqualTo(of(either));
        assertThat(of(left).intersects(of(right))).isEqualTo(!both.isEmpty());
        assertThat(of(left).isSubsetOf(of(right))).isEqualTo(right.containsAll(left));
    }

    @Test
    void wordsThatAreNotSentAreZeroAndTrailingZeroesAreFine() throws XdrException {
        assertThat(decode(1, 0x8)).isEqualTo(Bitmap4.of(3));
        assertThat(decode(3, 0x8, 0, 0)).isEqualTo(Bitmap4.of(3));
        assertThat(decode(6, 0x8, 0, 0, 0, 0, 0)).isEqualTo(Bitmap4.of(3));
    }

    @Test
    void numbersBeyondAllThatExistAreSeenAsUnknown() throws XdrException {
        Bitmap4 bitmap = decode(5, 0x8, 0, 0, 0, 1);

        assertThat(bitmap.beyond()).isTrue();
        assertThat(bitmap.isEmpty()).isFalse();
        assertThat(bitmap.isSubsetOf(Bitmap4.of(3))).isFalse();
        assertThat(bitmap.and(Bitmap4.of(3))).isEqualTo(Bitmap4.of(3));
    }

    /** A client of a later version may ask for what no one here has heard of; but not without end. */
    @Test
    void largeNumbersAreNoErrorUpToABound() throws XdrException {
        int[] attribute1000 = new int[33];
        attribute1000[0] = 32;
        attribute1000[32] = 1 << 1000 % 32;

        assertThat(decode(attribute1000).beyond()).isTrue();
        int[] tooMany = new int[66];
        tooMany[0] = 65;
        assertThatThrownBy(() -> decode(tooMany)).isInstanceOf(XdrException.class);
    }

    private static Bitmap4 decode(int... words) throws XdrException {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
        for (int word : words) {
            bytes.putInt(word);
        }
        return Bitmap4.decode(new XdrReader(bytes.flip()));
    }

    private static Bitmap4 of(Set<Integer> numbers) {
        return Bitmap4.of(numbers.stream().mapToInt(Integer::intValue).toArray());
    }
}
