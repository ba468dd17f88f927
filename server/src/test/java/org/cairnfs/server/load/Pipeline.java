package org.cairnfs.server.load;

import java.io.IOException;
import org.cairnfs.server.load.LoadSession.Received;
import org.cairnfs.server.load.Results.FailedException;
import org.cairnfs.server.nfs.xdr.XdrException;

/** Keeps all slots of a session busy with operations of one or more requests each, until there are no more. For one thread. */
final class Pipeline {
    /** An operation of the load, on one slot. */
    interface Operation {
        Request first() throws XdrException;

        /**
         * Reads what came of the last request, which was sent on the same slot.
         *
         * @return the request that goes on with it, or null when it is done
         * @throws FailedException when it is over and has failed
         */
        Request next(Results results) throws XdrException, FailedException;
    }

    /** Where operations come from. */
    @FunctionalInterface
    interface Source {
        /** An operation for a slot, or null when there is none any more for it. */
        Operation next(int slot);
    }

    private final LoadSession session;
    private final Tally tally;
    private final Operation[] running;
    private final long[] begun;
    private int busy;

    private Pipeline(LoadSession session, Tally tally) {
        this.session = session;
        this.tally = tally;
        this.running = new Operation[session.slots()];
        this.begun = new long[session.slots()];
    }

    /** Runs all that a source has. */
    static void run(LoadSession session, Source source, Tally tally) throws IOException, XdrException, FailedException {
        Pipeline pipeline = new Pipeline(session, tally);
        for (int slot = 0; slot < session.slots(); slot++) {
            pipeline.begin(slot, source);
        }
        while (pipeline.busy > 0) {
            pipeline.answer(source);
        }
    }

    private void begin(int slot, Source source) throws IOException, XdrException {
        Operation operation = source.next(slot);
        running[slot] = operation;
        if (operation != null) {
            busy++;
            begun[slot] = System.nanoTime();
            session.send(slot, operation.first());
        }
    }

    private void answer(Source source) throws IOException, XdrException, FailedException {
        Received received = session.receive();
        int slot = received.slot();
        Request more = null;
        try {
            more = running[slot].next(received.results());
            if (more == null) {
                tally.done(System.nanoTime() - begun[slot]);
            }
        } catch (FailedException e) {
            tally.failed(e.getMessage());
        }
        if (more != null) {
            session.send(slot, more);
        } else {
            busy--;
            begin(slot, source);
        }
    }
}
