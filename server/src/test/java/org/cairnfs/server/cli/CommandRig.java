package org.cairnfs.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.app.Components;
import org.cairnfs.server.config.Directories;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.cairnfs.server.testing.FakeComponents;

/** Commands in this process, with the home directory of a test and a terminal that it writes for. */
final class CommandRig {
    private final Path home;
    private final Components components;
    private final Deque<String> typed = new ArrayDeque<>();
    private boolean interactive;

    /** Of a server that only seems to do something. */
    CommandRig(Path home) {
        this(home, FakeComponents.create());
    }

    CommandRig(Path home, Components components) {
        this.components = components;
        this.home = home;
    }

    /** From now on there is a terminal, and somebody who types these lines. */
    void type(String... lines) {
        interactive = true;
        typed.addAll(List.of(lines));
    }

    /** From now on there is none. */
    void noTerminal() {
        interactive = false;
        typed.clear();
    }

    /** A session whose output nobody reads. */
    Session silent() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return session(nowhere, nowhere);
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CairnCommand.run(
                session(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The same, with standard output going there. */
    Result runTo(OutputStream out, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CairnCommand.run(
                session(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
        return new Result(code, "", err.toString(StandardCharsets.UTF_8));
    }

    private Session session(PrintStream out, PrintStream err) {
        Terminal terminal = new Terminal() {
            @Override
            public boolean isInteractive() {
                return interactive;
            }

            @Override
            public Optional<String> ask(String prompt) {
                return Optional.ofNullable(typed.poll());
            }

            @Override
            public Optional<char[]> askSecret(String prompt) {
                return Optional.ofNullable(typed.poll()).map(String::toCharArray);
            }
        };
        Directories directories = new Directories(home.resolve("config"), home.resolve("state"), home.resolve("data"));
        return new Session(components, FakeMain.class, directories, home, terminal, out, err);
    }
}
