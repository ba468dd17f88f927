package org.cairnfs.server.config;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them: bytes ({@code 512M}, {@code 10G}; 1K = 1024) and times ({@code 30s}, {@code 5m}). */
public final class Sizes {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})\\s*([A-Za-z]*)");
    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    /** Bytes: digits with an optional K, M, G, T, P (also KiB, KB ...); empty if it is none or over 2^63 - 1. */
    public static OptionalLong parseBytes(String text) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT).replaceFirst("I?B$", "");
        int power = unit.isEmpty() ? 0 : unit.length() == 1 ? UNITS.indexOf(unit) + 1 : -1;
        if (power < 0 || (power == 0 && !unit.isEmpty())) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        long shifted = number << (10 * power);
        return shifted >> (10 * power) == number && shifted >= 0 ? OptionalLong.of(shifted) : OptionalLong.empty();
    }

    /** A time in milliseconds: digits with ms, s (also without unit), m, h or d; empty if it is none. */
    public static OptionalLong parseMillis(String text) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> OptionalLong.of(number);
            case "", "s" -> OptionalLong.of(Duration.ofSeconds(number).toMillis());
            case "m" -> OptionalLong.of(Duration.ofMinutes(number).toMillis());
            case "h" -> OptionalLong.of(Duration.ofHours(number).toMillis());
            case "d" -> OptionalLong.of(Duration.ofDays(number).toMillis());
            default -> OptionalLong.empty();
        };
    }

    /** Bytes for people: {@code 17 B}, {@code 1.5 MiB}. */
    public static String formatBytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = 0;
        double amount = bytes;
        while (amount >= 1024 && power < UNITS.length()) {
            amount /= 1024;
            power++;
        }
        String format = amount >= 100 ? "%.0f %siB" : "%.1f %siB";
        return String.format(Locale.ROOT, format, amount, UNITS.charAt(power - 1));
    }

    /** A time for people: {@code 0.4 s}, {@code 12 s}, {@code 3 min}, {@code 5 h 2 min}, {@code 2 d 3 h}. */
    public static String formatMillis(long millis) {
        long seconds = millis / 1000;
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }
}
