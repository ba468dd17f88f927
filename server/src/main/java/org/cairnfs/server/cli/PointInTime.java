package org.cairnfs.server.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.Sizes;

/** A time that a person typed: {@code 2026-11-22 14:30}, {@code 2026-11-22T13:30:00Z}, {@code 90m} for ninety minutes ago. */
final class PointInTime {
    /** What options say of it. */
    static final String HELP = "'2026-11-22 14:30' or '2026-11-22 14:30:15' of this machine's clock,"
            + " '2026-11-22T13:30:00Z', or so long ago: 90m, 12h, 3d";

    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private PointInTime() {}

    /** Reads one. */
    static Instant parse(String text, Clock clock) throws CairnException {
        OptionalLong ago = Sizes.parseMillis(text);
        if (ago.isPresent()) {
            return clock.instant().minusMillis(ago.getAsLong());
        }
        String iso = text.strip().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeParseException withoutZone) {
            try {
                return LocalDateTime.parse(iso).atZone(clock.getZone()).toInstant();
            } catch (DateTimeParseException e) {
                throw new CairnException(ExitCode.USAGE, "'" + text + "' is no time", "give " + HELP, e);
            }
        }
    }

    /** A time for a person: the second in which it ends, so that what is typed again means the same moment. */
    static String format(long millis, ZoneId zone) {
        return SHOWN.format(Instant.ofEpochMilli(millis)
                .plusMillis(999)
                .truncatedTo(ChronoUnit.SECONDS)
                .atZone(zone));
    }
}
