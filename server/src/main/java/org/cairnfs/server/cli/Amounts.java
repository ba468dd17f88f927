package org.cairnfs.server.cli;

import java.util.OptionalLong;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.Sizes;

/** Amounts on command lines. */
final class Amounts {
    private Amounts() {}

    /** Bytes, such as 512M or 10G. */
    static long bytes(String option, String text) throws CairnException {
        OptionalLong bytes = Sizes.parseBytes(text);
        return bytes.orElseThrow(() ->
                new CairnException(ExitCode.USAGE, "'" + text + "' is no size", option + " wants e.g. 512M, 10G"));
    }

    /** Bytes per second, such as 512K or 10M; 0 for {@code none}. */
    static long rate(String option, String text) throws CairnException {
        if (text.equals("none")) {
            return 0;
        }
        OptionalLong bytes = Sizes.parseBytes(text);
        if (bytes.isEmpty() || bytes.getAsLong() == 0) {
            throw new CairnException(
                    ExitCode.USAGE, "'" + text + "' is no rate", option + " wants bytes per second, e.g. 10M, or none");
        }
        return bytes.getAsLong();
    }

    /** A rate for people. */
    static String formatRate(long bytesPerSecond) {
        return bytesPerSecond == 0 ? "no bound" : Sizes.formatBytes(bytesPerSecond) + "/s";
    }
}
