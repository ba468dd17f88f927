package org.cairnfs.core.gc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StraysTest {
    @Test
    void aLargeBucketIsListedInParts() {
        assertThat(Strays.prefixes(250_000)).containsExactly("pack/");
        assertThat(Strays.prefixes(250_001)).hasSize(16).contains("pack/0", "pack/f");
        assertThat(Strays.prefixes(4_000_001))
                .hasSize(256)
                .doesNotHaveDuplicates()
                .contains("pack/00", "pack/ff");
    }
}
