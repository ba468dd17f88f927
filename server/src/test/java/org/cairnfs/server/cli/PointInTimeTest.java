package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.cairnfs.server.CairnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), BERLIN);

    @ParameterizedTest
    @CsvSource({
        "2026-11-22 14:30, 2026-11-22T13:30:00Z",
        "2026-11-22T14:30, 2026-11-22T13:30:00Z",
        "2026-07-01 14:30:15, 2026-07-01T12:30:15Z",
        "2026-11-22T14:30:00Z, 2026-11-22T14:30:00Z",
        "2026-11-22 14:30:00+02:00, 2026-11-22T12:30:00Z",
        "90m, 2026-11-22T10:30:00Z",
        "3d, 2026-11-19T12:00:00Z"
    })
    void timesAreRead(String text, Instant expected) throws CairnException {
        assertThat(PointInTime.parse(text, CLOCK)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-13-01 10:00", "14:30", "5 weeks"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> PointInTime.parse(text, CLOCK))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("is no time");
    }

    /** Typed again, it must not mean the moment before. */
    @Test
    void whatIsShownIsNotBeforeWhatIsMeant() throws CairnException {
        Instant moment = Instant.parse("2026-11-22T13:30:00.001Z");
        String shown = PointInTime.format(moment.toEpochMilli(), BERLIN);
        assertThat(shown).isEqualTo("2026-11-22 14:30:01");
        assertThat(PointInTime.parse(shown, CLOCK)).isAfterOrEqualTo(moment);
        assertThat(PointInTime.format(moment.minusMillis(1).toEpochMilli(), BERLIN))
                .isEqualTo("2026-11-22 14:30:00");
    }
}
