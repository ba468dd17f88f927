package org.cairnfs.core.objectstore;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The options of a storage URL: {@code region=eu-west-1&timeout=20s}. They say how to reach a store, never which one it is,
 * and hold no secrets.
 *
 * @param values each checked against its option
 */
public record StoreOptions(Map<StoreOption, String> values) {
    /** None. */
    public static final StoreOptions NONE = new StoreOptions(Map.of());

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Copies the map. */
    public StoreOptions {
        Map<StoreOption, String> copy = new EnumMap<>(StoreOption.class);
        copy.putAll(values);
        values = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads what follows the question mark.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    static StoreOptions parse(StorageScheme scheme, String text) {
        Map<StoreOption, String> values = new EnumMap<>(StoreOption.class);
        for (String part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            StoreOption option = StoreOption.of(name)
                    .filter(known -> known.appliesTo(scheme))
                    .orElseThrow(() -> new IllegalArgumentException(
                            scheme + ":// has no option \"" + name + "\"; it has " + names(scheme)));
            String value = equals < 0 ? "" : part.substring(equals + 1);
            if (!option.accepts(value)) {
                throw wrong(option, value);
            }
            if (values.put(option, value) != null) {
                throw new IllegalArgumentException("the option " + option + " is given twice");
            }
        }
        StoreOptions options = new StoreOptions(values);
        options.connectTimeout();
        options.timeout();
        options.connections();
        return options;
    }

    /** What was said of an option, if anything. */
    public Optional<String> get(StoreOption option) {
        return Optional.ofNullable(values.get(option));
    }

    /** Whether an option is {@code on}. */
    public boolean isOn(StoreOption option, boolean preset) {
        return get(option).map("on"::equals).orElse(preset);
    }

    /** How long making a connection may take. */
    public Duration connectTimeout() {
        return time(StoreOption.CONNECT_TIMEOUT, Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    /** How long nothing may move on a connection. */
    public Duration timeout() {
        return time(StoreOption.TIMEOUT, Duration.ofSeconds(30), Duration.ofHours(1));
    }

    /** How many requests may be under way at once. */
    public int connections() {
        return get(StoreOption.CONNECTIONS)
                .map(text -> {
                    int number = Integer.parseInt(text);
                    if (number < 1 || number > 256) {
                        throw wrong(StoreOption.CONNECTIONS, text);
                    }
                    return number;
                })
                .orElse(16);
    }

    private Duration time(StoreOption option, Duration preset, Duration most) {
        return get(option)
                .map(text -> {
                    String unit = text.replaceFirst("^[0-9]+", "");
                    long number = Long.parseLong(text.substring(0, text.length() - unit.length()));
                    Duration time = switch (unit) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        default -> Duration.ofMinutes(number);
                    };
                    if (time.compareTo(SECOND) < 0 || time.compareTo(most) > 0) {
                        throw wrong(option, text);
                    }
                    return time;
                })
                .orElse(preset);
    }

    private static IllegalArgumentException wrong(StoreOption option, String value) {
        return new IllegalArgumentException(
                "the option " + option + " cannot be \"" + value + "\"; it wants " + option.wanted());
    }

    private static String names(StorageScheme scheme) {
        String names = Arrays.stream(StoreOption.values())
                .filter(option -> option.appliesTo(scheme))
                .map(StoreOption::toString)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    /** As in a URL, without the question mark; empty if there are none. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&"));
    }
}
