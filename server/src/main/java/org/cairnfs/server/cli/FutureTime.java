package org.cairnfs.server.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.Sizes;

/** A time to come that a person typed: as a {@link PointInTime}, but a length of time is from now on, and a day is its beginning. */
final class FutureTime {
    /** What options say of it. */
    static final String HELP = "2027-01-31 (its beginning), '2027-01-31 14:30' of this machine's clock,"
            + " '2027-01-31T13:30:00Z', or so long from now: 12h, 90d";

    private FutureTime() {}

    /** Reads one. */
    static Instant parse(String text, Clock clock) throws CairnException {
        Instant now = clock.instant();
        Instant time = read(text, clock, now);
        if (!time.isAfter(now)) {
            throw new CairnException(ExitCode.USAGE, "'" + text + "' is past already", "give " + HELP);
        }
        return time;
    }

    private static Instant read(String text, Clock clock, Instant now) throws CairnException {
        OptionalLong ahead = Sizes.parseMillis(text);
        if (ahead.isPresent()) {
            return now.plusMillis(ahead.getAsLong());
        }
        try {
            return LocalDate.parse(text.strip()).atStartOfDay(clock.getZone()).toInstant();
        } catch (DateTimeParseException noDay) {
            try {
                return PointInTime.parse(text, clock);
            } catch (CairnException e) {
                throw new CairnException(ExitCode.USAGE, "'" + text + "' is no time", "give " + HELP, e);
            }
        }
    }
}
