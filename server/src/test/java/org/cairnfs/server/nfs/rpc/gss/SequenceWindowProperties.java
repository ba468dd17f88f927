package org.cairnfs.server.nfs.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SequenceWindowProperties {
    /** Each number once, and none that is a window below the highest. */
    @Property(tries = 300)
    void agreesWithASet(@ForAll("numbers") List<Integer> steps) {
        SequenceWindow window = new SequenceWindow();
        Set<Long> seen = new HashSet<>();
        long highest = -1;
        long at = 5000;
        for (int step : steps) {
            at = Math.max(0, at + step);
            boolean expected = !seen.contains(at) && (at > highest || highest - at < SequenceWindow.SIZE);
            assertThat(window.admit(at)).as("%d after %d", at, highest).isEqualTo(expected);
            seen.add(at);
            highest = Math.max(highest, at);
        }
    }

    @Provide
    Arbitrary<List<Integer>> numbers() {
        Arbitrary<Integer> step = Arbitraries.oneOf(
                Arbitraries.integers().between(-3, 5),
                Arbitraries.integers().between(-1100, 1100),
                Arbitraries.of(-1024, -1023, 1023, 1024, 1025));
        return step.list().ofMinSize(50).ofMaxSize(400);
    }
}
