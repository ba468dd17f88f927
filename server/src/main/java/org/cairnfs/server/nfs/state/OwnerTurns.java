package org.cairnfs.server.nfs.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The turns of 4.0's open and lock owners: who may go on, what is a resend, what is out of sequence.
 *
 * <p>Threading: the state lock is taken to find an owner and to look at it again once the turn is there, never while
 * waiting for the turn. Of two owners the open owner's turn comes first.
 */
final class OwnerTurns {
    private final StateTable table;
    private final InodePins pins;
    private final Duration patience;

    OwnerTurns(StateTable table, InodePins pins, Duration patience) {
        this.table = table;
        this.pins = pins;
        this.patience = patience;
    }

    OwnerTurn openTurn(ClientEntry client, Bytes name, int seqid) throws NfsException {
        while (true) {
            OpenOwner owner = takeOpenOwner(client, name);
            ReleasedPins released = new ReleasedPins();
            Turn turn = null;
            table.stateLock.lock();
            try {
                if (owner.isRetired()) {
                    continue;
                }
                turn = admitOpen(owner, seqid, released);
                return turn;
            } finally {
                table.stateLock.unlock();
                if (turn == null) {
                    owner.sequence().release();
                }
                released.giveBack(pins);
            }
        }
    }

    OwnerTurn turn(Stateid stateid, int seqid) throws NfsException {
        StateOwner owner = locked(() -> table.stateids.findOwned(stateid).owner());
        owner.sequence().take(patience);
        return releasedUnless(owner, () -> admit(owner, stateid, seqid));
    }

    OwnerTurn lockTurn(Stateid stateid, int openSeqid, Bytes lockOwner, int lockSeqid) throws NfsException {
        StateOwner opener = locked(() -> table.stateids.findOwned(stateid).owner());
        opener.sequence().take(patience);
        return releasedUnless(opener, () -> {
            Turn turn = admit(opener, stateid, openSeqid);
            return turn.replay().isPresent() ? turn : withLockOwner(turn, stateid, lockOwner, lockSeqid);
        });
    }

    private OpenOwner takeOpenOwner(ClientEntry client, Bytes name) throws NfsException {
        OpenOwner owner = locked(() -> table.owners.openOwner(client, name));
        owner.sequence().take(patience);
        return owner;
    }

    /** An owner that never confirmed starts anew, without its opens: nobody knows whether they were wanted. */
    private Turn admitOpen(OpenOwner owner, int seqid, ReleasedPins released) throws NfsException {
        OwnerSequence sequence = owner.sequence();
        Optional<OwnerReply> replay = sequence.replayOf(seqid);
        if (replay.isPresent()) {
            return new Turn(replay, List.of(new Place(sequence, seqid)));
        }
        if (!owner.isConfirmed()) {
            List.copyOf(owner.opens().values()).forEach(open -> table.dropOpen(open, released));
            sequence.restart();
        }
        if (!sequence.isNext(seqid)) {
            throw new NfsException(NfsStatus.BAD_SEQID);
        }
        table.forgetLastClosed(owner);
        return new Turn(Optional.empty(), List.of(new Place(sequence, seqid)));
    }

    private Turn admit(StateOwner owner, Stateid stateid, int seqid) throws NfsException {
        return locked(() -> {
            OwnedState state = table.stateids.findOwned(stateid);
            OwnerSequence sequence = owner.sequence();
            Optional<OwnerReply> replay = sequence.replayOf(seqid);
            if (replay.isEmpty()) {
                if (state.isClosed() && !table.revive(state)) {
                    throw new NfsException(NfsStatus.BAD_STATEID);
                }
                if (!sequence.isNext(seqid)) {
                    throw new NfsException(NfsStatus.BAD_SEQID);
                }
                if (owner instanceof OpenOwner openOwner) {
                    table.forgetLastClosed(openOwner);
                }
            }
            return new Turn(replay, List.of(new Place(sequence, seqid)));
        });
    }

    private Turn withLockOwner(Turn open, Stateid stateid, Bytes name, int seqid) throws NfsException {
        LockingOwner owner = locked(() -> {
            OwnedState state = table.stateids.findOwned(stateid);
            return table.owners.lockOwner(state.client(), name);
        });
        owner.sequence().take(patience);
        return releasedUnless(
                owner,
                () -> locked(() -> {
                    OwnedState state = table.stateids.findOwned(stateid);
                    if (owner.isRetired()) {
                        throw new NfsException(NfsStatus.RESOURCE, "the lock owner was dropped meanwhile");
                    }
                    if (!owner.isUsed()) {
                        owner.sequence().restart();
                    }
                    LockState held = state.open().locks().get(owner);
                    // A lock state that has no ranges any more may be gone as well: such an owner is as good as a new
                    // one.
                    if (!owner.sequence().isNext(seqid) || (held != null && table.holdsRanges(held))) {
                        throw new NfsException(NfsStatus.BAD_SEQID);
                    }
                    return new Turn(Optional.empty(), List.of(open.places.get(0), new Place(owner.sequence(), seqid)));
                }));
    }

    private <T> T locked(Step<T> step) throws NfsException {
        table.stateLock.lock();
        try {
            return step.run();
        } finally {
            table.stateLock.unlock();
        }
    }

    private static Turn releasedUnless(StateOwner owner, Step<Turn> step) throws NfsException {
        boolean ended = false;
        try {
            Turn turn = step.run();
            ended = true;
            return turn;
        } finally {
            if (!ended) {
                owner.sequence().release();
            }
        }
    }

    private interface Step<T> {
        T run() throws NfsException;
    }

    /** A sequence and the number that the operation has in it. */
    private record Place(OwnerSequence sequence, int seqid) {}

    /** The turn of one or two owners. */
    private static final class Turn implements OwnerTurn {
        private final Optional<OwnerReply> replay;
        private final List<Place> places;
        private boolean ended;

        Turn(Optional<OwnerReply> replay, List<Place> places) {
            this.replay = replay;
            this.places = places;
        }

        @Override
        public Optional<OwnerReply> replay() {
            return replay;
        }

        @Override
        public void complete(OwnerReply reply) {
            if (ended || replay.isPresent()) {
                throw new IllegalStateException("this turn is over");
            }
            places.forEach(place -> place.sequence.complete(place.seqid, reply));
            close();
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                places.forEach(place -> place.sequence.release());
            }
        }
    }
}
