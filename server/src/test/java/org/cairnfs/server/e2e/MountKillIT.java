package org.cairnfs.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.e2e.MountedServer.run;
import static org.cairnfs.server.e2e.MountedServer.said;
import static org.cairnfs.server.e2e.MountedServer.start;

import java.io.BufferedReader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.core.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random operations in a mount and in a local directory: all that the mount answers is equal, errno included, and so is what there is in the end. The
 * server is killed by SIGKILL between them and amid them, and mounts over what is left of its dead mount.
 *
 * <p>{@code -Dcairn.seed=N} repeats the operations of a run; {@code -Dcairn.long=true} makes more of them.
 */
@Timeout(1_800)
class MountKillIT {
    private static final boolean LONG = Boolean.getBoolean("cairn.long");
    private static final long SEED = Long.getLong("cairn.seed", System.nanoTime());
    private static final int PROCESSES = 3;
    private static final int ROUNDS = LONG ? 20 : 3;
    private static final int OPERATIONS = LONG ? 5_000 : 400;

    /** More than there is ever time for. */
    private static final int ENDLESS = 10_000_000;

    /** Bytes that are written at once, so that one request of the kernel has them, which is done or not. */
    private static final int ONE_REQUEST = 100_000;

    @TempDir
    private Path home;

    private final Random random = new Random(SEED);
    private MountedServer mount;
    private Path script;

    @BeforeEach
    void mount() throws Exception {
        Tools.require("perl", "package perl");
        System.out.println("operations with -Dcairn.seed=" + SEED);
        mount = new MountedServer(home);
        script = home.resolve("operations.pl");
        try (InputStream in = MountKillIT.class.getResourceAsStream("operations.pl")) {
            Files.write(script, in.readAllBytes());
        }
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
    }

    private Process operations(Path directory, String top, int seed, int count) throws Exception {
        return start(
                directory,
                "perl",
                script.toString(),
                top,
                String.valueOf(seed),
                String.valueOf(count),
                String.valueOf(ONE_REQUEST));
    }

    /** All that can be compared of a tree. */
    private static String tree(Path directory, String top) throws Exception {
        return run(
                directory,
                "bash",
                "-c",
                "find " + top + " -printf '%p %m %n %U %G %y %l\\n' | grep -v ' d ' | sort;"
                        + " find " + top + " -type d -printf '%p %m %n %U %G\\n' | sort;"
                        + " find " + top + " -type f -exec cksum {} + | sort");
    }

    @Test
    void answersOfSeveralProcessesAreThoseOfALocalFileSystem() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Process> here = new ArrayList<>();
            List<Process> there = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                int seed = random.nextInt(Integer.MAX_VALUE);
                here.add(operations(mount.local(), "p" + i, seed, OPERATIONS));
                there.add(operations(mount.mounted(), "p" + i, seed, OPERATIONS));
            }
            for (int i = 0; i < PROCESSES; i++) {
                assertThat(said(there.get(i)).lines())
                        .as("process %d of round %d, seed %d", i, round, SEED)
                        .hasSize(OPERATIONS)
                        .containsExactlyElementsOf(said(here.get(i)).lines().toList());
            }
            mount.server().kill9();
            mount.start();
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(tree(mount.mounted(), "p" + i)).isEqualTo(tree(mount.local(), "p" + i));
        }
    }

    @Test
    void whatWasAnsweredBeforeAKillIsThereAndNothingIsHalfDone() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            // In the way of who unmounts.
            Process user = start(mount.mounted(), "sleep", "3600");
            int[] seeds = random.ints(PROCESSES, 0, Integer.MAX_VALUE).toArray();
            List<List<String>> answered = killAmid(seeds, 1 + random.nextInt(OPERATIONS));
            assertThat(run(home, "ls", mount.mounted().toString())).contains("Transport endpoint is not connected");
            mount.start();
            user.destroyForcibly().waitFor();
            for (int i = 0; i < PROCESSES; i++) {
                follow("p" + i, seeds[i], answered.get(i));
            }
        }
    }

    /**
     * Kills the server amid the operations of all processes.
     *
     * @param after so many answers that one of them got
     * @return the answers that each got
     */
    private List<List<String>> killAmid(int[] seeds, int after) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(operations(mount.mounted(), "p" + i, seeds[i], ENDLESS));
        }
        int chosen = random.nextInt(PROCESSES);
        ExecutorService readers = Executors.newFixedThreadPool(PROCESSES);
        try {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                Process process = processes.get(i);
                int killAt = i == chosen ? after : ENDLESS;
                all.add(readers.submit(() -> answers(process, killAt)));
            }
            List<List<String>> answers = new ArrayList<>();
            for (Future<List<String>> one : all) {
                answers.add(one.get());
            }
            return answers;
        } finally {
            readers.shutdownNow();
        }
    }

    private List<String> answers(Process process, int killAt) throws Exception {
        List<String> lines = new ArrayList<>();
        try (BufferedReader said = process.inputReader(ISO_8859_1)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                lines.add(line);
                if (lines.size() == killAt) {
                    mount.server().kill9();
                }
            }
        }
        return lines;
    }

    /** Does in the local directory what was answered, and the next operation too if the mount has done that: it had no answer. */
    private void follow(String top, int seed, List<String> answered) throws Exception {
        String is = tree(mount.mounted(), top);
        run(mount.local(), "cp", "-a", "--", top, "before");
        assertThat(said(operations(mount.local(), top, seed, answered.size())).lines())
                .as("%s, seed %d", top, SEED)
                .containsExactlyElementsOf(answered);
        String known = tree(mount.local(), top);
        if (!is.equals(known)) {
            run(mount.local(), "rm", "-rf", "--", top);
            run(mount.local(), "mv", "--", "before", top);
            String next = said(operations(mount.local(), top, seed, answered.size() + 1));
            assertThat(is).as("%s, seed %d, killed amid: %s", top, SEED, next).isEqualTo(tree(mount.local(), top));
        }
        run(mount.local(), "rm", "-rf", "before");
    }
}
