package org.cairnfs.core.testkit;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.testkit.OperationGenerator.Features;
import org.cairnfs.core.testkit.OperationGenerator.Step;

/**
 * Runs the same random operations on the reference model and on a real file system, and compares every answer, and from
 * time to time everything that can be seen. What fails is shortened to a minimal sequence, which is printed with the seed.
 *
 * <p>Both stand on one {@link FakeClock}, so times are compared to the nanosecond.
 */
public final class Differential {
    private static final int STEPS_BETWEEN_LOOKS = 100;
    private static final ImmutableSet<String> ERRORS = Stream.concat(
                    Arrays.stream(Errno.values()).map(Errno::name), Stream.of("skipped"))
            .collect(ImmutableSet.toImmutableSet());
    private static final int TRIES_AFTER_EAGAIN = 20;

    private final Function<LongSupplier, Subject> subjects;
    private final Features features;
    private final boolean exactAllocation;
    private final Map<String, Integer> outcomes = new TreeMap<>();

    /**
     * Compares what {@code subjects} makes.
     *
     * @param subjects makes an empty file system on a clock, whose root has mode 0755 and belongs to uid and gid 0
     * @param features what happens beside operations
     * @param exactAllocation whether holes and allocated bytes must be known to the byte
     */
    public Differential(Function<LongSupplier, Subject> subjects, Features features, boolean exactAllocation) {
        this.subjects = subjects;
        this.features = features;
        this.exactAllocation = exactAllocation;
    }

    /**
     * Runs operations from a seed.
     *
     * @throws AssertionError with the seed and a minimal sequence, if the two differ
     */
    public void run(long seed, int operations) {
        List<Step> steps;
        try {
            steps = new OperationGenerator(seed, features).steps(operations);
        } catch (FsException e) {
            throw new AssertionError("the generator made a name that is none", e);
        }
        Optional<Failure> failure = attempt(steps);
        if (failure.isPresent()) {
            throw minimal(seed, steps.subList(0, failure.get().at() + 1), failure.get());
        }
    }

    /** Where and how the two came to differ. */
    private record Failure(int at, String what, Throwable cause) {}

    /** Runs steps on new file systems, and looks at everything at the end. */
    private Optional<Failure> attempt(List<Step> steps) {
        FakeClock clock = new FakeClock();
        int at = 0;
        try (Subject modelSubject = new ModelSubject(clock);
                Subject realSubject = subjects.apply(clock)) {
            Side model = new Side(modelSubject, exactAllocation);
            Side real = new Side(realSubject, exactAllocation);
            for (; at < steps.size(); at++) {
                Step step = steps.get(at);
                clock.advance(step.tick());
                String expected = step.operation().outcome(context(step), model);
                String actual = outcome(step, real);
                count(step.operation(), expected);
                if (!expected.equals(actual)) {
                    return Optional.of(new Failure(at, "model: " + expected + "\nreal:  " + actual, null));
                }
                boolean look = at % STEPS_BETWEEN_LOOKS == STEPS_BETWEEN_LOOKS - 1 || at == steps.size() - 1;
                if (look) {
                    List<String> expectedTree = TreeImage.of(model);
                    List<String> actualTree = TreeImage.of(real);
                    if (!expectedTree.equals(actualTree)) {
                        return Optional.of(new Failure(at, difference(expectedTree, actualTree), null));
                    }
                }
            }
            return Optional.empty();
        } catch (FsException | RuntimeException | AssertionError e) {
            return Optional.of(new Failure(Math.min(at, steps.size() - 1), e.toString(), e));
        }
    }

    private void count(Operation operation, String outcome) {
        boolean failed = isRefusal(outcome);
        outcomes.merge(operation.getClass().getSimpleName() + " " + (failed ? outcome : "OK"), 1, Integer::sum);
    }

    /** Whether an outcome says that nothing was done. */
    static boolean isRefusal(String outcome) {
        return ERRORS.contains(outcome);
    }

    /** How often each operation ended in which way, over all runs: a run that proved nothing shows here. */
    public Map<String, Integer> outcomes() {
        return Collections.unmodifiableMap(outcomes);
    }

    private static String outcome(Step step, Side real) {
        String outcome = step.operation().outcome(context(step), real);
        for (int tries = 0; tries < TRIES_AFTER_EAGAIN && outcome.equals("EAGAIN"); tries++) {
            real.subject().recover();
            outcome = step.operation().outcome(context(step), real);
        }
        return outcome;
    }

    private static OpContext context(Step step) {
        return new OpContext(step.who(), step.origin());
    }

    private static String difference(List<String> expected, List<String> actual) {
        StringBuilder told = new StringBuilder("the trees differ");
        expected.stream()
                .filter(line -> !actual.contains(line))
                .forEach(line -> told.append("\nmodel: ").append(line));
        actual.stream()
                .filter(line -> !expected.contains(line))
                .forEach(line -> told.append("\nreal:  ").append(line));
        return told.toString();
    }

    /** Leaves out all steps that can be left out, large parts first, while it still fails (in whatever way). */
    private AssertionError minimal(long seed, List<Step> failing, Failure first) {
        List<Step> steps = failing;
        for (int part = (steps.size() + 1) / 2; part >= 1; part = part == 1 ? 0 : (part + 1) / 2) {
            int from = 0;
            while (from < steps.size()) {
                List<Step> shorter = new ArrayList<>(steps.subList(0, from));
                shorter.addAll(steps.subList(Math.min(from + part, steps.size()), steps.size()));
                if (attempt(shorter).isPresent()) {
                    steps = shorter;
                } else {
                    from += part;
                }
            }
        }
        Optional<Failure> again = attempt(steps);
        String what = again.map(Failure::what).orElse("not every time: " + first.what());
        StringBuilder message = new StringBuilder(what)
                .append("\nwith seed ")
                .append(seed)
                .append(", at the end of these ")
                .append(steps.size())
                .append(" steps:");
        steps.forEach(step -> message.append("\n  ").append(step));
        return new AssertionError(message.toString(), again.orElse(first).cause());
    }

    /** The reference model as one of the two. */
    private static final class ModelSubject implements Subject {
        private final ModelFileSystem model;

        private ModelSubject(LongSupplier clock) {
            model = new ModelFileSystem(clock);
        }

        @Override
        public ModelFileSystem fileSystem() {
            return model;
        }

        @Override
        public void restart() {
            model.restart();
        }
    }
}
