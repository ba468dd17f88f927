package org.cairnfs.server.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The program: {@code --server NAME=HOST:PORT[/PATH][,PID]} (once for each server), {@code --workloads W,W}, and what else {@link LoadOptions} has. Prints a
 * {@link Figure} as a line of JSON for each round, server and workload. Exit status 1 when an operation failed or read what was not written.
 */
public final class LoadMain {
    private LoadMain() {}

    public static void main(String[] arguments) throws Exception {
        LoadOptions options = parse(arguments);
        ObjectMapper json = new ObjectMapper();
        boolean failed = run(options, figure -> {
            try {
                System.out.println(json.writeValueAsString(figure));
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        });
        System.exit(failed ? 1 : 0);
    }

    /** Warms up, then runs all rounds, the servers in turn; whether anything failed. */
    static boolean run(LoadOptions options, Consumer<Figure> figures) throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        if (options.warmUp() > 0) {
            for (Target target : options.targets()) {
                LoadRun.run(target, options.warmingUp(), 0, figure -> look(figure, failed));
            }
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (Target target : options.targets()) {
                LoadRun.run(target, options, round, figure -> {
                    look(figure, failed);
                    figures.accept(figure);
                });
            }
        }
        return failed.get();
    }

    private static void look(Figure figure, AtomicBoolean failed) {
        if (!figure.errors().isEmpty()) {
            failed.set(true);
            System.err.println(figure.server() + " " + figure.workload() + ": " + figure.errors());
        }
    }

    static LoadOptions parse(String... arguments) {
        List<Target> targets = new ArrayList<>();
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            if (arguments[i].equals("--server")) {
                targets.add(Target.parse(arguments[i + 1]));
            } else {
                given.put(arguments[i], arguments[i + 1]);
            }
        }
        LoadOptions options = new LoadOptions(
                targets,
                List.of(take(given, "--workloads", "create,getattr,lookup,readdir,rename,unlink")
                        .split(",")),
                Integer.parseInt(take(given, "--clients", "1")),
                Integer.parseInt(take(given, "--in-flight", "1")),
                Double.parseDouble(take(given, "--seconds", "3")),
                Integer.parseInt(take(given, "--files", "100000")),
                Long.parseLong(take(given, "--megabytes", "256")) << 20,
                Integer.parseInt(take(given, "--rounds", "1")),
                Double.parseDouble(take(given, "--warm-up", "0")),
                Long.parseLong(take(given, "--seed", "1")),
                take(given, "--directory", "load"),
                Boolean.parseBoolean(take(given, "--keep", "false")));
        if (!given.isEmpty() || arguments.length % 2 != 0) {
            throw new IllegalArgumentException("unknown, or without a value: " + List.of(arguments));
        }
        return options;
    }

    private static String take(Map<String, String> given, String name, String otherwise) {
        String value = given.remove(name);
        return value == null ? otherwise : value;
    }
}
