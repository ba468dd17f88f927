package org.cairnfs.server.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One round of the load on one server: workloads one after the other, each by all clients at once. For one thread. */
final class LoadRun {
    private final Target target;
    private final LoadOptions options;
    private final int round;
    private final Consumer<Figure> figures;
    private final List<LoadClient> connected = new ArrayList<>();
    private final ExecutorService threads;
    private List<MetadataLoad> metadata = List.of();
    private List<DataLoad> data = List.of();

    /** What one of the clients does in a workload. */
    private interface Step {
        void run(int client, BooleanSupplier more, Tally tally) throws Exception;
    }

    private LoadRun(Target target, LoadOptions options, int round, Consumer<Figure> figures) {
        this.target = target;
        this.options = options;
        this.round = round;
        this.figures = figures;
        this.threads = Executors.newFixedThreadPool(options.clients());
    }

    /**
     * Runs all workloads of the options.
     *
     * @param figures told of each as it ends
     * @throws Exception when a server does not go on with a client; what fails of single operations is in the figures
     */
    static void run(Target target, LoadOptions options, int round, Consumer<Figure> figures) throws Exception {
        LoadRun run = new LoadRun(target, options, round, figures);
        try {
            for (String workload : options.workloads()) {
                run.workload(workload);
            }
            if (!options.keep()) {
                run.clear();
            }
            for (LoadClient client : run.connected) {
                client.close();
            }
        } finally {
            run.threads.shutdownNow();
        }
    }

    private List<LoadClient> connect(String kind) throws Exception {
        List<LoadClient> clients = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            List<String> path = Stream.concat(
                            target.path().stream(), Stream.of(options.directory(), "round-" + round, kind + "-" + i))
                    .toList();
            clients.add(LoadClient.open(target.address(), i, options.inFlight(), path));
        }
        connected.addAll(clients);
        return clients;
    }

    private void workload(String name) throws Exception {
        boolean ofData = name.startsWith("read-") || name.startsWith("write") || name.equals("read");
        if (ofData && data.isEmpty()) {
            data = connect("data").stream()
                    .map(client -> new DataLoad(client, options.seed() + round, options.bytesOfClient()))
                    .toList();
        }
        if (!ofData && metadata.isEmpty()) {
            metadata = connect("files").stream()
                    .map(client -> new MetadataLoad(client, options.seed()))
                    .toList();
        }
        switch (name) {
            case "create" ->
                run(name, (i, more, tally) -> metadata.get(i).create(more, options.filesOfClient(), tally));
            case "getattr" -> run(name, (i, more, tally) -> metadata.get(i).getAttr(more, tally));
            case "lookup" -> run(name, (i, more, tally) -> metadata.get(i).lookup(more, tally));
            case "readdir" -> run(name, (i, more, tally) -> metadata.get(i).list(tally));
            case "rename" -> run(name, (i, more, tally) -> metadata.get(i).rename(tally));
            case "unlink" -> run(name, (i, more, tally) -> metadata.get(i).unlink(tally));
            case "write" -> run(name, (i, more, tally) -> data.get(i).write(tally));
            case "read" -> run(name, (i, more, tally) -> data.get(i).read(tally));
            case "read-4k" -> run(name, (i, more, tally) -> data.get(i).readPages(more, tally));
            case "write-4k" -> writePages(name, false);
            case "write-4k-stable" -> writePages(name, true);
            default -> throw new IllegalArgumentException("no workload " + name);
        }
    }

    private void writePages(String name, boolean stable) throws Exception {
        run(name, (i, more, tally) -> data.get(i).writePages(more, stable, tally));
        Tally wrong = new Tally();
        for (DataLoad one : data) {
            one.verify(wrong);
        }
        if (!wrong.errors().isEmpty()) {
            figures.accept(Figure.of(target.name(), name + " read back", options, round, wrong, 1, -1));
        }
    }

    /** Runs a step of all clients, from one moment on until the last of them is done. */
    private void run(String name, Step step) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        long[] deadline = new long[1];
        List<Future<Tally>> all = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            int client = i;
            all.add(threads.submit(() -> {
                Tally tally = new Tally();
                start.await();
                step.run(client, () -> System.nanoTime() - deadline[0] < 0, tally);
                return tally;
            }));
        }
        long cpu = target.cpuMicros();
        long begun = System.nanoTime();
        deadline[0] = begun + (long) (options.seconds() * 1e9);
        start.countDown();
        Tally total = new Tally();
        for (Future<Tally> one : all) {
            total.add(one.get());
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long used = cpu < 0 ? -1 : target.cpuMicros() - cpu;
        figures.accept(Figure.of(target.name(), name, options, round, total, seconds, used));
    }

    /** Removes what the workloads have left. */
    private void clear() throws Exception {
        for (DataLoad one : data) {
            one.remove();
        }
        Tally tally = new Tally();
        for (MetadataLoad one : metadata) {
            one.unlink(tally);
        }
        if (!tally.errors().isEmpty()) {
            figures.accept(Figure.of(target.name(), "clear", options, round, tally, 1, -1));
        }
    }
}
