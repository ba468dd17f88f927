package org.cairnfs.server.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.cairnfs.server.load.LoadClient.OpenFile;
import org.cairnfs.server.load.Pipeline.Operation;
import org.cairnfs.server.load.Results.FailedException;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * A file that a client writes and reads, from its beginning and here and there. Every byte that is read is compared with what was written.
 * For one thread at a time.
 */
final class DataLoad {
    /** Bytes of a sequential READ and WRITE. */
    static final int BLOCK = 1 << 20;

    private static final int PAGES_OF_BLOCK = BLOCK / Pattern.PAGE;
    private static final String NAME = "data";

    private final LoadClient client;
    private final Pattern pattern;
    private final Random random;
    private final int pages;
    private final byte[] generations;
    private OpenFile file;
    private long verifier;
    private boolean written;

    /** @param bytes of the file, a multiple of {@link #BLOCK} */
    DataLoad(LoadClient client, long seed, long bytes) {
        this.client = client;
        this.pattern = new Pattern(seed);
        this.random = new Random(seed + client.number());
        this.pages = Math.toIntExact(bytes / Pattern.PAGE);
        this.generations = new byte[pages];
    }

    private long end() {
        return (long) pages * Pattern.PAGE;
    }

    /** Writes the file, which must not be there, in blocks that need not be stable, and commits it. */
    void write(Tally tally) throws IOException, XdrException, FailedException {
        file = client.open(NAME, true);
        written = false;
        int[] next = {0};
        Pipeline.run(
                client.session(),
                slot -> next[0] == pages ? null : new Write(take(next, PAGES_OF_BLOCK), PAGES_OF_BLOCK, false, tally),
                tally);
        commit(tally);
        client.close(file);
    }

    private static int take(int[] next, int count) {
        next[0] += count;
        return next[0] - count;
    }

    private void commit(Tally tally) throws IOException, XdrException, FailedException {
        XdrReader in = client.session()
                .call(file.putFh(), Ops.commit(0, 0))
                .ok(OpCode.PUTFH, OpCode.COMMIT)
                .in();
        if (written && in.readHyper() != verifier) {
            tally.failed("COMMIT another verifier than WRITE: the server may have lost what was written");
        }
    }

    /** Reads the file that {@link #write} wrote, in this run or in an earlier one with the same seed, from its beginning to its end. */
    void read(Tally tally) throws IOException, XdrException, FailedException {
        if (client.size(NAME) != end()) {
            throw new FailedException("the file has not the size that was written");
        }
        file = client.open(NAME, false);
        readAll(tally);
        client.close(file);
    }

    private void readAll(Tally tally) throws IOException, XdrException, FailedException {
        int[] next = {0};
        Pipeline.run(
                client.session(),
                slot -> next[0] == pages ? null : new Read(take(next, PAGES_OF_BLOCK), PAGES_OF_BLOCK, tally),
                tally);
    }

    /** Reads pages here and there. */
    void readPages(BooleanSupplier more, Tally tally) throws IOException, XdrException, FailedException {
        file = client.open(NAME, false);
        Pipeline.run(
                client.session(),
                slot -> more.getAsBoolean() ? new Read(random.nextInt(pages), 1, tally) : null,
                tally);
        client.close(file);
    }

    /**
     * Writes pages here and there, then commits.
     *
     * @param stable each is to be stable before it is answered (FILE_SYNC4)
     */
    void writePages(BooleanSupplier more, boolean stable, Tally tally)
            throws IOException, XdrException, FailedException {
        file = client.open(NAME, false);
        written = false;
        int slots = client.session().slots();
        // Each slot has pages of its own: of two writes of one page in flight nobody could tell which is the later.
        Pipeline.run(
                client.session(),
                slot -> more.getAsBoolean()
                        ? new Write(random.nextInt(pages / slots) * slots + slot, 1, stable, tally)
                        : null,
                tally);
        commit(tally);
        client.close(file);
    }

    /** Reads everything back, whatever was written; what is wrong is an error of the tally, which counts nothing else. */
    void verify(Tally tally) throws IOException, XdrException, FailedException {
        Tally found = new Tally();
        read(found);
        found.errors().forEach((what, count) -> tally.failed("afterwards: " + what));
    }

    void remove() throws IOException, XdrException, FailedException {
        client.remove(NAME);
    }

    private final class Write implements Operation {
        private final int page;
        private final int count;
        private final boolean stable;
        private final Tally tally;

        Write(int page, int count, boolean stable, Tally tally) {
            this.page = page;
            this.count = count;
            this.stable = stable;
            this.tally = tally;
        }

        @Override
        public Request first() throws XdrException {
            byte[] bytes = new byte[count * Pattern.PAGE];
            for (int i = 0; i < count; i++) {
                if (count == 1) {
                    generations[page]++;
                }
                pattern.fill(bytes, i * Pattern.PAGE, client.number(), page + i, generations[page + i]);
            }
            Op write = Op.of(OpCode.WRITE, out -> {
                Wire.writeStateid(out, file.stateid());
                out.writeHyper((long) page * Pattern.PAGE).writeInt(stable ? Ops.FILE_SYNC : Ops.UNSTABLE);
            });
            return Request.withData(ByteBuffer.wrap(bytes), file.putFh(), write);
        }

        @Override
        public Request next(Results results) throws XdrException, FailedException {
            XdrReader in = results.ok(OpCode.PUTFH, OpCode.WRITE).in();
            int done = in.readInt();
            int committed = in.readInt();
            long by = in.readHyper();
            if (done != count * Pattern.PAGE) {
                throw new FailedException("WRITE took a part only");
            }
            if (stable && committed != Ops.FILE_SYNC) {
                throw new FailedException("WRITE is not stable");
            }
            if (written && by != verifier) {
                throw new FailedException("WRITE another verifier: the server may have lost what was written");
            }
            verifier = by;
            written = true;
            tally.moved(done);
            return null;
        }
    }

    private final class Read implements Operation {
        private final int page;
        private final int count;
        private final Tally tally;

        Read(int page, int count, Tally tally) {
            this.page = page;
            this.count = count;
            this.tally = tally;
        }

        @Override
        public Request first() {
            return Request.of(file.putFh(), Ops.read(file.stateid(), (long) page * Pattern.PAGE, count * Pattern.PAGE));
        }

        @Override
        public Request next(Results results) throws XdrException, FailedException {
            XdrReader in = results.ok(OpCode.PUTFH, OpCode.READ).in();
            in.readBoolean();
            ByteBuffer data = in.readOpaqueSlice(BLOCK);
            if (data.remaining() != count * Pattern.PAGE) {
                throw new FailedException("READ a part only");
            }
            for (int i = 0; i < count; i++) {
                ByteBuffer one = data.slice(data.position() + i * Pattern.PAGE, Pattern.PAGE);
                if (!pattern.is(one, client.number(), page + i, generations[page + i])) {
                    throw new FailedException("READ other bytes than were written");
                }
            }
            tally.moved(data.remaining());
            return null;
        }
    }
}
