package org.cairnfs.core.testkit;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.cairnfs.core.journal.JournalFile;
import org.cairnfs.core.journal.JournalFiles;
import org.cairnfs.core.journal.OutOfSpaceException;

/**
 * A directory in memory whose power can fail: it knows what was synced, and gives what a machine would find afterwards.
 *
 * <p>The model is as unkind as a disk may be. Unsynced changes survive or not, each sector of 512 bytes by itself, so that
 * writes are dropped, reordered and torn; lengths, new names and deletions survive or not, too, independently of the bytes.
 * The one thing that holds is that a sector is one of the contents that it had since the last sync.
 *
 * <p>A step is a change: write, truncate, force, create, delete, sync of the directory. {@link #failAtStep} lets the power fail in
 * the middle of one: it is begun (its changes may survive), not completed, and it and everything after it throw.
 *
 * <p>Threading: one monitor guards it with all its files.
 */
public final class PowerLossFiles implements JournalFiles {
    /** The step in which the power fails; thrown for it and all that follow. */
    public static final class PowerLossException extends IOException {
        private static final long serialVersionUID = 1L;

        PowerLossException() {
            super("the power failed, as the test asked");
        }
    }

    /** How unsynced changes fare. */
    public enum Loss {
        /** All survive: what {@code kill -9} leaves. */
        NOTHING,
        /** None survives. */
        EVERYTHING,
        /** Each sector, length and name survives, or not, by chance. */
        SOME,
        /** All survive but for a few sectors. */
        FEW_SECTORS,
        /** Lengths and names survive, no bytes. */
        BYTES
    }

    /**
     * What is there after the power came back.
     *
     * @param fates what became of what was not synced
     */
    public record Survivor(PowerLossFiles files, PowerLossFates fates) {
        /** How many sectors, lengths and names are not as they were before the power failed. */
        public int lost() {
            return fates.pieces();
        }
    }

    final Map<String, PowerLossFile.Content> names = new TreeMap<>();
    private final Map<String, PowerLossFile.Content> durableNames = new TreeMap<>();
    private long steps;
    private long failAtStep = Long.MAX_VALUE;
    private long space = Long.MAX_VALUE;
    private IOException nextFailure;
    private volatile Runnable beforeForce = () -> {};
    private Runnable beforeStep = () -> {};

    /** The power fails in this step, counted from 1 from the beginning. */
    public synchronized void failAtStep(long step) {
        failAtStep = step;
    }

    /** The next step throws this, once. */
    public synchronized void failNextStep(IOException failure) {
        nextFailure = failure;
    }

    /** Is called at the beginning of each force of a file, with nothing locked: to hold it up, as a slow disk does. */
    public void beforeForce(Runnable action) {
        beforeForce = action;
    }

    /** Is called at the beginning of each step, with the monitor held: to look at what a power failure would leave. */
    public synchronized void beforeStep(Runnable action) {
        beforeStep = action;
    }

    /** Sets what can be written in all, in bytes of file lengths. */
    public synchronized void space(long bytes) {
        space = bytes;
    }

    public synchronized long steps() {
        return steps;
    }

    /** What is found after a power failure now. */
    public synchronized Survivor survivor(Loss loss, long seed) {
        Random random = new Random(seed);
        PowerLossFiles after = new PowerLossFiles();
        PowerLossFates fates = new PowerLossFates();
        Set<String> all = new HashSet<>(names.keySet());
        all.addAll(durableNames.keySet());
        for (String name : all.stream().sorted().toList()) {
            PowerLossFile.Content now = names.get(name);
            PowerLossFile.Content before = durableNames.get(name);
            boolean nameSurvives = switch (loss) {
                case NOTHING, FEW_SECTORS, BYTES -> true;
                case EVERYTHING -> false;
                case SOME -> random.nextBoolean();
            };
            PowerLossFile.Content kept = nameSurvives ? now : before;
            if (now != before && kept != now) {
                fates.lost();
            }
            if (now != null && kept != now) {
                now.vanish(fates);
            }
            if (kept != null) {
                PowerLossFile.Content image = new PowerLossFile.Content();
                kept.surviveInto(image, loss, random, fates);
                after.names.put(name, image);
                after.durableNames.put(name, image);
            }
        }
        return new Survivor(after, fates);
    }

    /** A copy of all as it is, everything durable. */
    public PowerLossFiles copy() {
        return survivor(Loss.NOTHING, 0).files();
    }

    /** Flips one bit of a file, as a worn disk does. */
    public synchronized void flip(String name, long position, int bit) {
        names.get(name).flip(position, bit);
    }

    /** Puts a file of another directory in the place of one's own, as a person who copies by hand may. */
    public synchronized void adopt(String name, PowerLossFiles other) {
        names.put(name, other.copy().names.get(name));
    }

    public synchronized long length(String name) {
        return names.get(name).size();
    }

    @Override
    public synchronized List<String> list() throws IOException {
        checkPower();
        return new ArrayList<>(names.keySet());
    }

    @Override
    public synchronized JournalFile create(String name) throws IOException {
        boolean fails = step();
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        PowerLossFile.Content content = new PowerLossFile.Content();
        names.put(name, content);
        endStep(fails);
        return new PowerLossFile(this, content);
    }

    @Override
    public synchronized JournalFile open(String name) throws IOException {
        checkPower();
        return new PowerLossFile(this, existing(name));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        boolean fails = step();
        existing(name);
        names.remove(name);
        endStep(fails);
    }

    @Override
    public synchronized void syncDirectory() throws IOException {
        boolean fails = step();
        endStep(fails); // a sync in which the power fails promised nothing
        durableNames.clear();
        durableNames.putAll(names);
    }

    @Override
    public synchronized long usableSpace() throws IOException {
        checkPower();
        return space == Long.MAX_VALUE ? space : Math.max(0, space - used());
    }

    /** Begins a step; true if the power fails in it. */
    boolean step() throws IOException {
        checkPower();
        beforeStep.run();
        steps++;
        if (nextFailure != null) {
            IOException failure = nextFailure;
            nextFailure = null;
            throw failure;
        }
        return steps == failAtStep;
    }

    void endStep(boolean fails) throws IOException {
        if (fails) {
            throw new PowerLossException();
        }
    }

    void checkPower() throws IOException {
        if (steps >= failAtStep) {
            throw new PowerLossException();
        }
    }

    Runnable beforeForce() {
        return beforeForce;
    }

    /** How many of these new bytes fit. */
    long fitting(long wanted) {
        return space == Long.MAX_VALUE ? wanted : Math.min(wanted, Math.max(0, space - used()));
    }

    OutOfSpaceException full() {
        return new OutOfSpaceException("no space left, as the test asked", null);
    }

    private long used() {
        return names.values().stream().mapToLong(PowerLossFile.Content::size).sum();
    }

    private PowerLossFile.Content existing(String name) throws FileNotFoundException {
        PowerLossFile.Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return content;
    }
}
