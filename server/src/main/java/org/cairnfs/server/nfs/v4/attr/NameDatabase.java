package org.cairnfs.server.nfs.v4.attr;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names and their numbers from a file in the syntax of passwd(5) and group(5): the first field is the name, the third
 * the number.
 *
 * <p>The file is read when it is first asked for and again when its modification time has changed. Safe for use by any
 * number of threads: {@link #loaded} is replaced as a whole.
 */
final class NameDatabase {
    private static final Logger log = LoggerFactory.getLogger(NameDatabase.class);

    /** What was in the file when its modification time was this. */
    private record Loaded(FileTime modified, ImmutableMap<String, Integer> numbers) {}

    private final Path file;
    private volatile Loaded loaded = new Loaded(FileTime.fromMillis(0), ImmutableMap.of());

    NameDatabase(Path file) {
        this.file = file;
    }

    /** The number of a name, as an unsigned 32-bit number. */
    OptionalInt find(String name) {
        Integer number = current().numbers().get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private Loaded current() {
        Loaded known = loaded;
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(known.modified())) {
                known = new Loaded(modified, parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1)));
                loaded = known;
            }
        } catch (NoSuchFileException e) {
            log.debug("{} is not there: owners are known by number only", file);
        } catch (IOException e) {
            log.warn("cannot read {}: names of owners are as they were before: {}", file, e.toString());
        }
        return known;
    }

    private static ImmutableMap<String, Integer> parse(List<String> lines) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : lines) {
            String[] fields = line.split(":", 4);
            if (fields.length < 3 || fields[0].isEmpty()) {
                continue;
            }
            try {
                numbers.putIfAbsent(utf8(fields[0]), Integer.parseUnsignedInt(fields[2]));
            } catch (NumberFormatException e) {
                log.debug("an entry without a number in a database of names: {}", fields[0]);
            }
        }
        return ImmutableMap.copyOf(numbers);
    }

    /** Names are bytes in the file: read as Latin-1, which never fails, and told apart as UTF-8. */
    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
