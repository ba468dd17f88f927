package org.cairnfs.core.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What tests need from the machine. Where it is missing, the test is skipped with a message that says what to install; with
 * {@code CAIRN_REQUIRE_TOOLS=1} in the environment (as in {@code .ci/run}) it fails instead, so that nothing is skipped unseen.
 */
public final class Tools {
    /** Turns every skip into a failure when it is "1". */
    public static final String REQUIRE = "CAIRN_REQUIRE_TOOLS";

    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private Tools() {}

    /**
     * Goes on only if a program is there.
     *
     * @param program its name, looked up in PATH and the directories of the administrator's programs
     * @param remedy where to get it, e.g. "package user-mode-linux"
     */
    public static void require(String program, String remedy) {
        requireThat(find(program).isPresent(), "needs " + program + " (" + remedy + ")");
    }

    /** Goes on only for the super-user. */
    public static void requireRoot() {
        requireThat("root".equals(System.getProperty("user.name")), "needs to run as root");
    }

    /** Goes on only if something is so; {@code needs} says what, e.g. "needs a second disk". */
    public static void requireThat(boolean present, String needs) {
        if (present) {
            return;
        }
        if ("1".equals(System.getenv(REQUIRE))) {
            fail(needs + "; skipping is not allowed, as " + REQUIRE + " is 1");
        }
        abort("skipped: " + needs);
    }

    /** The executable of this name, if there is one. */
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), SYSTEM_DIRECTORIES.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
