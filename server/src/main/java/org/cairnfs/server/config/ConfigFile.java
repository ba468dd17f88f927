package org.cairnfs.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;

/**
 * A file of lines {@code key = value}; {@code #} begins a comment line. Remembers which keys were asked for, so that
 * {@link #refuseUnknownKeys} can name the others.
 *
 * <p>For one thread.
 */
public final class ConfigFile {
    /** Far more than a configuration needs. */
    static final int MAX_BYTES = 1 << 20;

    private final String source;
    private final Map<String, Entry> entries;
    private final Set<String> known = new HashSet<>();

    private ConfigFile(String source, Map<String, Entry> entries) {
        this.source = source;
        this.entries = entries;
    }

    /** A file that says nothing. */
    static ConfigFile empty() {
        return new ConfigFile("", Map.of());
    }

    /** Reads a file; a missing one is an error. */
    public static ConfigFile read(Path file) throws CairnException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CairnException(ExitCode.CONFIG, file + " is over 1 MiB", "is it a configuration file?");
            }
            return parse(file.toString(), Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            throw new CairnException(ExitCode.CONFIG, "there is no configuration file " + file, "", e);
        } catch (CharacterCodingException e) {
            throw new CairnException(ExitCode.CONFIG, file + " is not UTF-8 text", "", e);
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.CONFIG, "cannot read the configuration file " + file + ": " + Failures.reason(e), "", e);
        }
    }

    static ConfigFile parse(String source, List<String> lines) throws CairnException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new CairnException(ExitCode.CONFIG, source + ":" + (i + 1) + ": want 'key = value'", "");
            }
            String key = line.substring(0, equals).strip();
            Entry before = entries.put(key, new Entry(line.substring(equals + 1).strip(), i + 1));
            if (before != null) {
                throw new CairnException(
                        ExitCode.CONFIG,
                        source + ":" + (i + 1) + ": '" + key + "' was set in line " + before.line() + " already",
                        "remove one of them");
            }
        }
        return new ConfigFile(source, entries);
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    int port(String key, int preset) throws CairnException {
        Entry entry = take(key);
        if (entry == null) {
            return preset;
        }
        if (entry.value().equals("none")) {
            return -1;
        }
        if (!entry.value().matches("[0-9]{1,5}") || Integer.parseInt(entry.value()) > 65_535) {
            throw wrong(key, entry, "a port from 0 to 65535, or 'none'");
        }
        return Integer.parseInt(entry.value());
    }

    long bytes(String key, long preset, long least, long most) throws CairnException {
        Entry entry = take(key);
        if (entry == null) {
            return preset;
        }
        OptionalLong bytes = Sizes.parseBytes(entry.value());
        if (bytes.isEmpty() || bytes.getAsLong() < least || bytes.getAsLong() > most) {
            throw wrong(key, entry, "a size from " + Sizes.formatBytes(least) + " to " + Sizes.formatBytes(most));
        }
        return bytes.getAsLong();
    }

    /** A size; 0 where nothing is said, or {@code auto}. */
    long bytesOrAuto(String key, long least, long most) throws CairnException {
        Entry entry = entries.get(key);
        boolean isAuto = entry != null && entry.value().equals("auto");
        long bytes = isAuto ? 0 : bytes(key, 0, least, most);
        known.add(key);
        return bytes;
    }

    /** Bytes per second; 0, no bound, where nothing is said, or {@code none}. */
    long rate(String key) throws CairnException {
        Entry entry = take(key);
        if (entry == null || entry.value().equals("none")) {
            return 0;
        }
        OptionalLong bytes = Sizes.parseBytes(entry.value());
        if (bytes.isEmpty() || bytes.getAsLong() == 0) {
            throw wrong(key, entry, "bytes per second, like 512K, 10M, or 'none'");
        }
        return bytes.getAsLong();
    }

    int count(String key, int preset, int most) throws CairnException {
        return number(key, preset, 0, most);
    }

    /** A number from 1 to {@code most}. */
    int positive(String key, int preset, int most) throws CairnException {
        return number(key, preset, 1, most);
    }

    private int number(String key, int preset, int least, int most) throws CairnException {
        Entry entry = take(key);
        if (entry == null) {
            return preset;
        }
        int value = entry.value().matches("[0-9]{1,9}") ? Integer.parseInt(entry.value()) : -1;
        if (value < least || value > most) {
            throw wrong(key, entry, "a number from " + least + " to " + most);
        }
        return value;
    }

    Duration duration(String key, Duration preset, Duration least, Duration most) throws CairnException {
        Entry entry = take(key);
        if (entry == null) {
            return preset;
        }
        OptionalLong millis = Sizes.parseMillis(entry.value());
        if (millis.isEmpty() || millis.getAsLong() < least.toMillis() || millis.getAsLong() > most.toMillis()) {
            throw wrong(
                    key,
                    entry,
                    "a time from " + Sizes.formatMillis(least.toMillis()) + " to " + Sizes.formatMillis(most.toMillis())
                            + ", like 500ms, 30s, 5m");
        }
        return Duration.ofMillis(millis.getAsLong());
    }

    /** A text; none where nothing is said, or {@code none}. */
    Optional<String> text(String key) throws CairnException {
        Entry entry = take(key);
        if (entry == null || entry.value().equals("none")) {
            return Optional.empty();
        }
        if (entry.value().isEmpty()) {
            throw wrong(key, entry, "a value, or 'none'");
        }
        return Optional.of(entry.value());
    }

    /** A compression; none where nothing is said, or {@code default}. */
    Optional<Compression> compression(String key) throws CairnException {
        Entry entry = take(key);
        if (entry == null || entry.value().equals("default")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Compression.parse(entry.value()));
        } catch (IllegalArgumentException e) {
            throw wrong(key, entry, "zstd-LEVEL, lzma-LEVEL, bzip2-LEVEL, zlib-LEVEL, lz4, none or default");
        }
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type, E preset) throws CairnException {
        Entry entry = take(key);
        if (entry == null) {
            return preset;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(entry.value())) {
                return constant;
            }
        }
        throw wrong(
                key,
                entry,
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or ")));
    }

    /** Refuses the first key that nobody asked for. */
    void refuseUnknownKeys() throws CairnException {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw new CairnException(
                        ExitCode.CONFIG,
                        source + ":" + entry.getValue().line() + ": there is no key '" + entry.getKey() + "'",
                        "keys are " + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    private Entry take(String key) {
        known.add(key);
        return entries.get(key);
    }

    private CairnException wrong(String key, Entry entry, String wanted) {
        return new CairnException(
                ExitCode.CONFIG,
                source + ":" + entry.line() + ": " + key + " cannot be '" + entry.value() + "'",
                "want " + wanted);
    }

    private record Entry(String value, int line) {}
}
