package org.cairnfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as the kernel tells it in {@code /proc/self/mountinfo} (proc(5)). */
final class MountTable {
    /** The type of our mounts: {@code fuse.} and the subtype. */
    static final String TYPE = "fuse.cairn";

    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int DIRECTORY = 4;

    private MountTable() {}

    /**
     * One mount.
     *
     * @param source device, or whatever stands for it
     */
    record Mounted(String directory, String type, String source) {
        boolean isOurs() {
            return type.equals(TYPE);
        }
    }

    /** What is mounted on a directory, topmost; the path must be absolute and without symbolic links. */
    static Optional<Mounted> on(Path directory) throws IOException {
        return parse(Files.readString(TABLE, StandardCharsets.ISO_8859_1)).stream()
                .filter(mounted -> mounted.directory().equals(directory.toString()))
                .reduce((below, above) -> above);
    }

    static List<Mounted> parse(String table) {
        List<Mounted> all = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            String[] words = line.split(" ", -1);
            int dash = List.of(words).indexOf("-");
            if (dash > DIRECTORY && words.length > dash + 2) {
                all.add(new Mounted(unescaped(words[DIRECTORY]), words[dash + 1], unescaped(words[dash + 2])));
            }
        }
        return all;
    }

    /** Spaces and the like are written in octal, {@code \040}; other bytes as they are: here as UTF-8. */
    private static String unescaped(String word) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) == '\\' && i + 4 <= word.length()) {
                bytes.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.append(word.charAt(i));
            }
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
