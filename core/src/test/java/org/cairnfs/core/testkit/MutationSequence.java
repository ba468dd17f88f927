package org.cairnfs.core.testkit;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.testkit.OperationGenerator.Features;
import org.cairnfs.core.testkit.OperationGenerator.Step;

/**
 * A random sequence of operations that change something, and what a file system looks like after each prefix of it, by the
 * reference model. What a crash leaves must look like one of them.
 *
 * <p>Thread-safe but for {@link Player}s.
 */
public final class MutationSequence {
    private static final int TRIES_AFTER_EAGAIN = 50;
    private static final int REFUSED_PER_KEPT = 5;

    /** Nothing that reads: it would change access times, which may be lost. */
    private static final Set<Class<? extends Operation>> KINDS = Set.of(
            NameOperations.Create.class,
            NameOperations.Link.class,
            NameOperations.Rename.class,
            NameOperations.Remove.class,
            FileOperations.Change.class,
            FileOperations.SetXattr.class,
            FileOperations.RemoveXattr.class,
            FileOperations.Write.class,
            FileOperations.Allocate.class,
            FileOperations.Clone.class,
            FileOperations.Commit.class);

    private final ImmutableList<Step> steps;
    private final Map<Integer, List<String>> images = new HashMap<>();

    private MutationSequence(List<Step> steps) {
        this.steps = ImmutableList.copyOf(steps);
    }

    /** A sequence of this length, of which most are carried out: of those that are refused, one in five. */
    public static MutationSequence random(long seed, int length) throws FsException {
        OperationGenerator generator = new OperationGenerator(seed, new Features(false, 0));
        FakeClock clock = new FakeClock();
        Side model = new Side(Subject.of(new ModelFileSystem(clock)), false);
        List<Step> steps = new ArrayList<>();
        int refused = 0;
        while (steps.size() < length) {
            Step step = generator.steps(1).get(0);
            if (!KINDS.contains(step.operation().getClass())) {
                continue;
            }
            String outcome = step.operation().outcome(new OpContext(step.who()), model);
            boolean done = !Differential.isRefusal(outcome);
            if (done || refused++ % REFUSED_PER_KEPT == 0) {
                clock.advance(step.tick());
                steps.add(step);
            }
        }
        return new MutationSequence(steps);
    }

    public int length() {
        return steps.size();
    }

    /** One step, for messages. */
    public String tell(int index) {
        return steps.get(index).toString();
    }

    /** Whether a step is a COMMIT: when it is answered, all before it is stable. */
    public boolean isCommit(int index) {
        return steps.get(index).operation() instanceof FileOperations.Commit;
    }

    /** Does the steps on a file system, one after the other. */
    public Player on(Subject subject, FakeClock clock) {
        return new Player(subject, clock);
    }

    /** What the file system looks like after the first {@code count} steps. */
    public synchronized List<String> imageAfter(int count) throws FsException {
        List<String> known = images.get(count);
        if (known != null) {
            return known;
        }
        FakeClock clock = new FakeClock();
        ModelFileSystem model = new ModelFileSystem(clock);
        Player player = on(Subject.of(model), clock);
        for (int i = 0; i < count; i++) {
            player.next();
        }
        clock.set(whenLookedAt().getAsLong());
        List<String> image = imageOf(Subject.of(model));
        images.put(count, image);
        return image;
    }

    /** When file systems are looked at, long after all steps: the look itself changes access times that it sees later on. */
    public static FakeClock whenLookedAt() {
        FakeClock clock = new FakeClock();
        clock.advance(TimeUnit.DAYS.toNanos(3650));
        return clock;
    }

    /** What a file system looks like. */
    public static List<String> imageOf(Subject subject) throws FsException {
        return TreeImage.of(new Side(subject, false));
    }

    /**
     * How many of the first steps give this image; the highest number, as steps that are refused change nothing.
     *
     * @return -1 if no prefix of {@code least} to {@code most} steps does
     */
    public int prefixWith(List<String> image, int least, int most) throws FsException {
        for (int count = most; count >= least; count--) {
            if (imageAfter(count).equals(image)) {
                return count;
            }
        }
        return -1;
    }

    /** In what an image differs from the prefix that it is nearest to, for messages. */
    public String difference(List<String> image, int least, int most) throws FsException {
        String nearest = null;
        long distance = Long.MAX_VALUE;
        for (int count = least; count <= most; count++) {
            List<String> expected = imageAfter(count);
            List<String> told = new ArrayList<>();
            expected.stream().filter(line -> !image.contains(line)).forEach(line -> told.add("\n  missing " + line));
            image.stream().filter(line -> !expected.contains(line)).forEach(line -> told.add("\n  there   " + line));
            if (told.size() <= distance) {
                distance = told.size();
                nearest = "\nnearest to the first " + count + " steps, after "
                        + (count == 0 ? "none" : steps.get(count - 1)) + String.join("", told);
            }
        }
        return nearest;
    }

    /** Does the steps. Used by one thread. */
    public final class Player {
        private final Side side;
        private final FakeClock clock;
        private int done;

        private Player(Subject subject, FakeClock clock) {
            this.side = new Side(subject, false);
            this.clock = clock;
        }

        /** Steps that were done. */
        public int done() {
            return done;
        }

        /** Does the next step; tells its answer, and how far the journal must be synced for it to be stable. */
        public Answer next() {
            Step step = steps.get(done);
            clock.advance(step.tick());
            OpContext context = new OpContext(step.who());
            String told = step.operation().outcome(context, side);
            for (int tries = 0; tries < TRIES_AFTER_EAGAIN && told.equals("EAGAIN"); tries++) {
                side.subject().recover();
                told = step.operation().outcome(context, side);
            }
            done++;
            return new Answer(told, context.journaled());
        }
    }

    /** What a step gave. */
    public record Answer(String told, long journaled) {}
}
