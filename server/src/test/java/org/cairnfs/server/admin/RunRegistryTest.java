package org.cairnfs.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRegistryTest {
    @TempDir
    private Path home;

    private Path directory() {
        return home.resolve("run");
    }

    @Test
    void theOnlyOneIsFoundUntilItIsGone() throws Exception {
        RunRegistry registry = new RunRegistry(directory());
        assertThat(registry.running()).isEmpty();
        try (RunRegistry.Registration registration = registry.register(home.resolve("state"), "local:///s")) {
            assertThat(registration).isNotNull();
            assertThat(registry.onlyOne()).isEqualTo(home.resolve("state"));
            assertThat(registry.running().get(0).pid())
                    .isEqualTo(ProcessHandle.current().pid());
        }
        CairnException none = catchThrowableOfType(CairnException.class, registry::onlyOne);
        assertThat(none.exitCode()).isEqualTo(ExitCode.NO_SERVER);
        assertThat(directory()).isEmptyDirectory();
    }

    @Test
    void entriesOfTheDeadGoAndThoseOfOtherMachinesStay() throws Exception {
        RunRegistry registry = new RunRegistry(directory());
        registry.register(home.resolve("state"), "local:///s");
        Path mine = only();
        ObjectNode entry = (ObjectNode) Messages.json().readTree(Files.readString(mine));
        // The same process id, but a process that began at another time: the number was used again.
        Path reused = write("reused", entry.deepCopy().put("processStart", 12345));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path ended = write("ended", entry.deepCopy().put("pid", dead.pid()));
        Path elsewhere = write("elsewhere", entry.deepCopy().put("host", "another.example.org"));
        Path garbage = Files.writeString(directory().resolve("garbage.run"), "{\"host\":");
        Path empty = Files.writeString(directory().resolve("empty.run"), "");
        Path foreign = Files.writeString(directory().resolve("foreign.run"), "[1,2]");
        Path huge = Files.write(directory().resolve("huge.run"), new byte[1 << 20]);

        assertThat(registry.onlyOne()).isEqualTo(home.resolve("state"));
        assertThat(reused).doesNotExist();
        assertThat(ended).doesNotExist();
        assertThat(Stream.of(mine, elsewhere, garbage, empty, foreign, huge)).allMatch(Files::exists);
    }

    @Test
    void severalMustBeTold() throws Exception {
        RunRegistry registry = new RunRegistry(directory());
        registry.register(home.resolve("one"), "local:///1");
        ObjectNode entry = (ObjectNode) Messages.json().readTree(Files.readString(only()));
        write("two", entry.put("state", home.resolve("two").toString()));
        CairnException several = catchThrowableOfType(CairnException.class, registry::onlyOne);
        assertThat(several.exitCode()).isEqualTo(ExitCode.AMBIGUOUS_SERVER);
        assertThat(several.toLine()).contains("--state " + home.resolve("one"), "--state " + home.resolve("two"));
    }

    @Test
    void aRegistryThatCannotBeWrittenStopsNoServer() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        RunRegistry registry = new RunRegistry(file.resolve("run"));
        registry.register(home.resolve("state"), "local:///s").close();
        assertThat(Files.readString(file)).isEmpty();
    }

    private Path only() throws Exception {
        try (Stream<Path> files = Files.list(directory())) {
            return files.toList().get(0);
        }
    }

    private Path write(String name, ObjectNode entry) throws Exception {
        return Files.writeString(directory().resolve(name + ".run"), entry.toString());
    }
}
