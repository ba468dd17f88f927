package org.cairnfs.core.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cairnfs.core.journal.JournalFile;
import org.cairnfs.core.testkit.PowerLossFiles.Loss;

/** An open file of {@link PowerLossFiles}, whose monitor guards it. */
final class PowerLossFile implements JournalFile {
    static final int SECTOR = 512;

    private final PowerLossFiles files;
    private final Content content;
    private boolean closed;

    PowerLossFile(PowerLossFiles files, Content content) {
        this.files = files;
        this.content = content;
    }

    @Override
    public long size() throws IOException {
        synchronized (files) {
            check();
            return content.size;
        }
    }

    @Override
    public void write(long position, ByteBuffer... sources) throws IOException {
        synchronized (files) {
            check();
            boolean fails = files.step();
            long at = position;
            for (ByteBuffer source : sources) {
                long growth = Math.max(0, at + source.remaining() - content.size);
                long missing = growth - files.fitting(growth);
                int end = source.limit();
                source.limit((int) (end - missing));
                at += source.remaining();
                content.write(at - source.remaining(), source, files.steps());
                source.limit(end);
                if (missing > 0) {
                    throw files.full();
                }
            }
            files.endStep(fails);
        }
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        synchronized (files) {
            check();
            files.checkPower();
            return content.read(position, target);
        }
    }

    @Override
    public void force(boolean metadata) throws IOException {
        files.beforeForce().run();
        synchronized (files) {
            check();
            boolean fails = files.step();
            files.endStep(fails); // a force in which the power fails promised nothing
            content.force();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (files) {
            check();
            boolean fails = files.step();
            content.truncate(size, files.steps());
            files.endStep(fails);
        }
    }

    @Override
    public void close() {
        synchronized (files) {
            closed = true;
        }
    }

    private void check() throws IOException {
        if (closed) {
            throw new IOException("the file is closed");
        }
    }

    /** A change of one sector: what was there before it, and by which step it was made. */
    private record Change(byte[] before, long step) {}

    /** The bytes of a file now, and what each sector and the length were since the last force. */
    static final class Content {
        private static final byte[] ZEROS = new byte[SECTOR];

        /** Sectors that are not all zeros. Arrays are never changed once they are in here. */
        private final Map<Long, byte[]> sectors = new HashMap<>();

        /** What happened to each sector since the last force, the oldest first. */
        private final Map<Long, List<Change>> unsynced = new HashMap<>();

        private final List<Long> formerSizes = new ArrayList<>();
        private long size;

        long size() {
            return size;
        }

        /** @param step which write it is, of all that were ever made in the directory */
        void write(long position, ByteBuffer source, long step) {
            long end = position + source.remaining();
            while (source.hasRemaining()) {
                long at = end - source.remaining();
                int offset = (int) (at % SECTOR);
                byte[] sector = sector(at / SECTOR).clone();
                source.get(sector, offset, Math.min(SECTOR - offset, source.remaining()));
                change(at / SECTOR, sector, step);
            }
            if (end > size) {
                resize(end);
            }
        }

        int read(long position, ByteBuffer target) {
            int start = target.position();
            long at = position;
            while (target.hasRemaining() && at < size) {
                int offset = (int) (at % SECTOR);
                int length = (int) Math.min(Math.min(SECTOR - offset, target.remaining()), size - at);
                target.put(sector(at / SECTOR), offset, length);
                at += length;
            }
            return target.position() - start;
        }

        void truncate(long newSize, long step) {
            if (newSize >= size) {
                return;
            }
            long partial = newSize / SECTOR;
            byte[] cut = sector(partial).clone();
            Arrays.fill(cut, (int) (newSize % SECTOR), SECTOR, (byte) 0);
            for (long number : List.copyOf(sectors.keySet())) {
                if (number > partial) {
                    change(number, ZEROS, step);
                }
            }
            change(partial, cut, step);
            resize(newSize);
        }

        void force() {
            unsynced.clear();
            formerSizes.clear();
        }

        void flip(long position, int bit) {
            byte[] sector = sector(position / SECTOR).clone();
            sector[(int) (position % SECTOR)] ^= (byte) (1 << bit);
            sectors.put(position / SECTOR, sector);
        }

        /** Puts into {@code image}, as durable, what survives, and tells the fates of all that was not synced. */
        void surviveInto(Content image, Loss loss, Random random, PowerLossFates fates) {
            image.size = size;
            if (!formerSizes.isEmpty() && loss != Loss.NOTHING && loss != Loss.FEW_SECTORS && loss != Loss.BYTES) {
                int choice = loss == Loss.EVERYTHING ? 0 : random.nextInt(formerSizes.size() + 1);
                if (choice < formerSizes.size()) {
                    image.size = formerSizes.get(choice);
                    fates.lost();
                }
            }
            image.sectors.putAll(sectors);
            for (long number : unsynced.keySet().stream().sorted().toList()) {
                List<Change> changes = unsynced.get(number);
                int kept = surviving(changes.size(), loss, random);
                if (kept < changes.size()) {
                    image.put(number, changes.get(kept).before);
                    fates.lost();
                }
                boolean cutOff = number * SECTOR >= image.size && image.size < size;
                for (int i = 0; i < changes.size(); i++) {
                    fates.sector(changes.get(i).step, i < kept && !cutOff);
                }
            }
            // What lies behind the end reads as zeros when the file grows again.
            long end = image.size;
            image.size = Long.MAX_VALUE;
            image.truncate(end, 0);
            image.force();
        }

        /** How many of the changes to one sector reached the disk, of which the last one is what is there. */
        private static int surviving(int changes, Loss loss, Random random) {
            return switch (loss) {
                case NOTHING -> changes;
                case EVERYTHING, BYTES -> 0;
                case SOME -> random.nextBoolean() ? changes : random.nextInt(changes);
                case FEW_SECTORS -> random.nextInt(8) > 0 ? changes : random.nextInt(changes);
            };
        }

        /** None of what was not synced survives, as the name itself does not. */
        void vanish(PowerLossFates fates) {
            unsynced.values().forEach(changes -> changes.forEach(change -> fates.sector(change.step, false)));
        }

        private byte[] sector(long number) {
            return sectors.getOrDefault(number, ZEROS);
        }

        private void change(long number, byte[] sector, long step) {
            if (Arrays.equals(sector, sector(number))) {
                return;
            }
            unsynced.computeIfAbsent(number, none -> new ArrayList<>()).add(new Change(sector(number), step));
            put(number, sector);
        }

        private void put(long number, byte[] sector) {
            if (Arrays.equals(sector, ZEROS)) {
                sectors.remove(number);
            } else {
                sectors.put(number, sector);
            }
        }

        private void resize(long newSize) {
            formerSizes.add(size);
            size = newSize;
        }
    }
}
