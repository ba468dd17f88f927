package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.cairnfs.server.CairnException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FutureTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), BERLIN);

    @ParameterizedTest
    @CsvSource({
        "2026-11-23, 2026-11-22T23:00:00Z",
        "2027-07-01 14:30, 2027-07-01T12:30:00Z",
        "2026-11-22T14:30:00Z, 2026-11-22T14:30:00Z",
        "90m, 2026-11-22T13:30:00Z",
        "3d, 2026-11-25T12:00:00Z"
    })
    void timesToComeAreRead(String text, Instant expected) throws CairnException {
        assertThat(FutureTime.parse(text, CLOCK)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22", "2026-11-22 13:00", "0s", "2020-01-01T00:00:00Z"})
    void whatIsPastIsRefused(String text) {
        assertThatThrownBy(() -> FutureTime.parse(text, CLOCK))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("is past already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2026-13-01", "14:30"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> FutureTime.parse(text, CLOCK))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("is no time");
    }
}
