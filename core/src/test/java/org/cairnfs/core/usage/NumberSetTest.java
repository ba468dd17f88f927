package org.cairnfs.core.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NumberSetTest {
    @Provide
    Arbitrary<List<Long>> numbers() {
        Arbitrary<Long> dense = Arbitraries.longs().between(0, 40_000);
        Arbitrary<Long> sparse = Arbitraries.longs().greaterOrEqual(0);
        return Arbitraries.oneOf(dense, sparse).list().ofMaxSize(200);
    }

    @Property(tries = 200)
    void itIsASet(@ForAll("numbers") List<Long> numbers) {
        NumberSet set = new NumberSet();
        TreeSet<Long> model = new TreeSet<>();
        for (long number : numbers) {
            assertThat(set.add(number)).isEqualTo(model.add(number));
        }
        assertThat(set.size()).isEqualTo(model.size());
        List<Long> listed = new ArrayList<>();
        for (PrimitiveIterator.OfLong next = set.iterator(); next.hasNext(); ) {
            listed.add(next.nextLong());
        }
        assertThat(listed).containsExactlyElementsOf(model);
        for (long number : numbers) {
            assertThat(set.contains(number)).isTrue();
            assertThat(set.contains(number ^ 1)).isEqualTo(model.contains(number ^ 1));
        }
    }
}
