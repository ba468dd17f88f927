package org.cairnfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process may do, as the kernel tells it in {@code /proc/self/status} (proc(5), capabilities(7)).
 *
 * @param uid effective user id
 * @param capabilities effective ones, a bit each
 */
record Privileges(long uid, long capabilities) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String UIDS = "Uid:";
    private static final String EFFECTIVE = "CapEff:";
    private static final int SYS_ADMIN = 21;
    private static final int HEX = 16;

    static Privileges ofThisProcess() throws IOException {
        return parse(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
    }

    static Privileges parse(String status) throws IOException {
        // Real, effective, saved and file system's.
        String[] uids = value(status, UIDS).split("\\s+", -1);
        return new Privileges(
                Long.parseLong(uids[Math.min(1, uids.length - 1)]),
                Long.parseUnsignedLong(value(status, EFFECTIVE), HEX));
    }

    private static String value(String status, String name) throws IOException {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no " + name));
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** Whether mount(2) is open to it; others need fusermount. */
    boolean mayMount() {
        return (capabilities >>> SYS_ADMIN & 1) != 0;
    }
}
