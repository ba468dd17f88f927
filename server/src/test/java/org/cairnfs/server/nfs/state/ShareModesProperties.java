package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** {@link ShareModes} against a set of pairs. */
class ShareModesProperties {
    record Pair(int access, int deny) {}

    @Provide
    Arbitrary<List<Pair>> pairs() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 3))
                .as(Pair::new)
                .list()
                .ofMaxSize(8);
    }

    @Property
    void isASetOfPairs(@ForAll("pairs") List<Pair> added, @ForAll("pairs") List<Pair> removed) {
        Set<Pair> model = new HashSet<>(added);
        removed.forEach(model::remove);
        ShareModes modes = ShareModes.NONE;
        for (Pair pair : added) {
            modes = modes.with(pair.access, pair.deny);
        }
        for (Pair pair : removed) {
            modes = modes.without(pair.access, pair.deny);
        }
        for (int access = 1; access <= 3; access++) {
            for (int deny = 0; deny <= 3; deny++) {
                assertThat(modes.has(access, deny)).isEqualTo(model.contains(new Pair(access, deny)));
                int a = access;
                int d = deny;
                Set<Pair> within = new HashSet<>(model);
                within.removeIf(pair -> (pair.access & ~a) != 0 || (pair.deny & ~d) != 0);
                assertThat(modes.within(a, d).access()).isEqualTo(union(within, true));
                assertThat(modes.within(a, d).deny()).isEqualTo(union(within, false));
            }
        }
        assertThat(modes.equals(ShareModes.NONE)).isEqualTo(model.isEmpty());
    }

    private static int union(Set<Pair> pairs, boolean access) {
        return pairs.stream().mapToInt(pair -> access ? pair.access : pair.deny).reduce(0, (a, b) -> a | b);
    }
}
