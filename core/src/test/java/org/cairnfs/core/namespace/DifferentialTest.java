package org.cairnfs.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.testkit.Differential;
import org.cairnfs.core.testkit.OperationGenerator.Features;
import org.cairnfs.core.testkit.Subject;
import org.cairnfs.core.testkit.VerbsSubject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs against the reference model. {@code -Dcairn.long=true} runs a hundred times as many operations. */
class DifferentialTest {
    private static final int OPERATIONS = 3_000;
    private static final long RUNS = Boolean.getBoolean("cairn.long") ? 800 : 8;

    @Test
    void answersLikeTheModel() {
        Differential differential = new Differential(VerbsSubject::inMemory, new Features(true, 0), true);
        for (long seed = 1; seed <= RUNS; seed++) {
            differential.run(seed, OPERATIONS);
        }
        assertThat(differential.outcomes())
                .as("what came about at least")
                .containsKeys(
                        "Create OK", "Create EEXIST", "Create EACCES", "Create EISDIR", "Create EPERM", "Create ENOENT")
                .containsKeys("Rename OK", "Rename EEXIST", "Rename EINVAL", "Rename ENOTEMPTY", "Rename EPERM")
                .containsKeys("Rename ENOTDIR", "Rename EISDIR", "Rename EACCES", "Rename ENOENT", "Rename ESTALE")
                .containsKeys("Remove OK", "Remove ENOTEMPTY", "Remove EISDIR", "Remove ENOTDIR", "Remove EPERM")
                .containsKeys("Link OK", "Link EPERM", "Link EEXIST", "Link ENOENT")
                .containsKeys("Change OK", "Change EPERM", "Change EACCES", "Change EISDIR", "Change EINVAL")
                .containsKeys("Write OK", "Write EFBIG", "Allocate OK", "Seek OK", "Seek ENXIO", "Read OK")
                .containsKeys("SetXattr OK", "SetXattr EEXIST", "SetXattr ENOTSUP", "GetXattr OK", "RemoveXattr OK")
                .containsKeys("Again OK", "Again EEXIST", "Again ENOENT", "Again skipped", "Sent OK")
                .containsKeys("Resend OK", "Restart OK", "EndGrace OK", "Unpin OK");
    }

    @Test
    void answersLikeTheModelOnH2(@TempDir Path directory) {
        AtomicInteger starts = new AtomicInteger();
        Differential differential = new Differential(
                clock -> VerbsSubject.onH2(clock, directory.resolve("run" + starts.incrementAndGet())),
                new Features(true, 2),
                true);
        for (long seed = 1; seed <= Math.max(1, RUNS / 4); seed++) {
            differential.run(seed, OPERATIONS);
        }
    }

    /** A comparison that finds nothing would be worth nothing. */
    @Test
    void findsAPlantedFaultAndShortensTheSequence() {
        Differential differential =
                new Differential(clock -> new Faulty(VerbsSubject.inMemory(clock)), new Features(true, 0), true);
        assertThatThrownBy(() -> differential.run(1, OPERATIONS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("with seed 1, at the end of these 1 steps")
                .hasMessageContaining("type=SYMLINK")
                .hasMessageContaining("planted");
    }

    /** Cannot read symbolic links. */
    private record Faulty(VerbsSubject whole) implements Subject {
        @Override
        public FileSystem fileSystem() {
            return (FileSystem) Proxy.newProxyInstance(
                    FileSystem.class.getClassLoader(),
                    new Class<?>[] {FileSystem.class},
                    (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(whole.fileSystem(), arguments);
                            if (method.getName().equals("readlink")) {
                                throw new FsException(Errno.EIO, "planted");
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public void restart() {
            whole.restart();
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
