package org.cairnfs.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockRangeTest {
    @ParameterizedTest(name = "offset {0} length {1}")
    @CsvSource({
        "0, 1, 0, 0",
        "5, 10, 5, 14",
        "0, -1, 0, -1", // to the end
        "-1, -1, -1, -1", // the last byte to the end
        "0, -2, 0, -3", // 2^64 - 2 bytes
        "-2, 1, -2, -2", // the end is 2^64 - 1
        "9223372036854775807, 2, 9223372036854775807, -9223372036854775808", // across the sign bit
    })
    void rangesOfTheWire(long offset, long length, long first, long last) {
        assertThat(LockRange.of(offset, length)).contains(new LockRange(first, last));
        assertThat(LockRange.of(offset, length).map(LockRange::length)).contains(length);
    }

    @ParameterizedTest(name = "offset {0} length {1}")
    @CsvSource({"0, 0", "7, 0", "2, -2", "-1, 1", "-2, 2"})
    void impossibleRangesOfTheWire(long offset, long length) {
        assertThat(LockRange.of(offset, length)).isEqualTo(Optional.empty());
    }

    @Test
    void anEmptyRangeIsNone() {
        assertThatThrownBy(() -> new LockRange(5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LockRange(-1, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void overlapIsUnsigned() {
        LockRange middle = new LockRange(10, 20);
        assertThat(middle.overlaps(new LockRange(20, 30))).isTrue();
        assertThat(middle.overlaps(new LockRange(0, 10))).isTrue();
        assertThat(middle.overlaps(new LockRange(21, LockRange.TO_END))).isFalse();
        assertThat(middle.overlaps(new LockRange(0, LockRange.TO_END))).isTrue();
        assertThat(new LockRange(Long.MIN_VALUE, LockRange.TO_END).overlaps(new LockRange(0, Long.MAX_VALUE)))
                .isFalse();
    }
}
