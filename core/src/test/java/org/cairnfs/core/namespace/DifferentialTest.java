package org.cairnfs.core.namespace;

import org.cairnfs.core.testkit.Differential;
import org.cairnfs.core.testkit.MemorySubject;
import org.cairnfs.core.testkit.OperationGenerator.Features;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs against the reference model. {@code -Dcairn.long=true} runs a hundred times as many operations. */
class DifferentialTest {
    private static final int OPERATIONS = 3_000;
    private static final int LONG_RUNS = Boolean.getBoolean("cairn.long") ? 100 : 1;

    private final Differential differential = new Differential(MemorySubject::new, new Features(true, 0), true);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersLikeTheModel(long seed) {
        for (int run = 0; run < LONG_RUNS; run++) {
            differential.run(seed + 1000L * run, OPERATIONS);
        }
    }
}
