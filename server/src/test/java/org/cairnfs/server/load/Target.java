package org.cairnfs.server.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * A server that gets the load.
 *
 * @param path of its directory for the load, by names from its root
 * @param pid its process on this machine, or 0: what it takes of the processor is not known then
 */
record Target(String name, InetSocketAddress address, List<String> path, long pid) {
    private static final java.util.regex.Pattern SYNTAX =
            java.util.regex.Pattern.compile("([^=]+)=([^:/]+):([0-9]+)(/[^,]*)?(?:,([0-9]+))?");

    /** What a tick of /proc is, in microseconds: USER_HZ is 100 on every Linux. */
    private static final long TICK_MICROS = 10_000;

    /** Of {@code NAME=HOST:PORT[/PATH][,PID]}. */
    static Target parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not NAME=HOST:PORT[/PATH][,PID]: " + text);
        }
        String path = matcher.group(4) == null ? "" : matcher.group(4);
        return new Target(
                matcher.group(1),
                new InetSocketAddress(matcher.group(2), Integer.parseInt(matcher.group(3))),
                Stream.of(path.split("/")).filter(name -> !name.isEmpty()).toList(),
                matcher.group(5) == null ? 0 : Long.parseLong(matcher.group(5)));
    }

    /** What the server has used of all processors, in microseconds; -1 if that is not known. */
    long cpuMicros() throws IOException {
        if (pid == 0) {
            return -1;
        }
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        // Behind the name, which may have blanks: the state is field 3, utime and stime are 14 and 15 of proc(5).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MICROS;
    }
}
