package org.cairnfs.core.data.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    @ParameterizedTest
    @ValueSource(strings = {"zstd-3", "zstd-22", "lzma-0", "lzma-6", "bzip2-9", "zlib-1", "lz4", "none"})
    void specsReadBack(String spec) {
        assertThat(Compression.parse(spec)).hasToString(spec);
    }

    @Test
    void withoutALevelItIsTheDefault() {
        assertThat(Compression.parse("zstd")).isEqualTo(Compression.DEFAULT).hasToString("zstd-3");
        assertThat(Compression.parse("lzma")).hasToString("lzma-6");
        assertThat(Compression.parse("none")).isEqualTo(Compression.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-", "zstd-", "zstd-0", "zstd-23", "zstd-x", "zstd--3", "lzma-10", "bzip2-0", "lz4-1", "none-0",
                "gzip-6", "ZSTD-3"
            })
    void othersAreRefused(String spec) {
        assertThatIllegalArgumentException().isThrownBy(() -> Compression.parse(spec));
    }
}
