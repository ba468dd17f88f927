package org.cairnfs.server.nfs.state;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.server.nfs.state.DelegationAnswer.Reason;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * Read delegations (RFC 7530 section 10.4, RFC 8881 section 10.4): given with an OPEN for reading to clients that can be called
 * back, for files that nobody else writes; and given back.
 *
 * <p>The promise itself is a lease in {@link LeaseTable}, which has the last word: it refuses a file that is being changed, and
 * so does the share of anybody who has it open for writing. As OPEN for writing asks the leases first and has its share
 * before it says that it is done, one of the two sees the other.
 *
 * <p>Threading: the state lock guards each step.
 */
final class Delegations {
    /** Files of which it is remembered that they were fought over. */
    private static final int MAX_CONTENDED = 10_000;

    /** For which part of a lease they are: else the one who changes a file and the one who reads it take turns at it. */
    private static final int CONTENDED_PART = 3;

    private final StateTable table;
    private final StateSettings settings;
    private final Recaller recaller;
    private final Recaller.StableDelegations stable;
    private final Cache<FileHandle, Boolean> contended;
    private final AtomicLong granted = new AtomicLong();

    Delegations(
            StateTable table,
            Recaller recaller,
            Recaller.StableDelegations stable,
            StateSettings settings,
            Ticker ticker) {
        this.table = table;
        this.stable = stable;
        this.settings = settings;
        this.recaller = recaller;
        this.contended = CacheBuilder.newBuilder()
                .maximumSize(MAX_CONTENDED)
                .expireAfterWrite(settings.lease().dividedBy(CONTENDED_PART))
                .ticker(ticker)
                .build();
    }

    /**
     * A delegation for an OPEN for reading that succeeded, if it can be. A named attribute has none: it is changed as a part of its file,
     * too, where nobody asks for its leases.
     */
    DelegationAnswer offer(ClientEntry client, DelegationRequest request) {
        if (settings.delegations().perClient() == 0 || !request.inode().isInode()) {
            return refused(Reason.RESOURCE);
        }
        if (request.reclaim()) {
            return reclaim(client, request);
        }
        if (!client.canBeCalled()) {
            return refused(Reason.RESOURCE);
        }
        if (contended.getIfPresent(request.inode()) != null) {
            return refused(Reason.CONTENTION);
        }
        return stable.noteGivenDelegation(client) ? give(client, request) : refused(Reason.RESOURCE);
    }

    /**
     * Gives back what the client held before the restart, unless somebody has reclaimed an open for writing. If the client
     * cannot be called, or somebody changed the file in the meantime, it is recalled with the same breath (RFC 7530 section 10.2.1). A
     * client that lost one reclaims none, as this may be the one. One that is reclaimed again, as the answer was lost, is the same.
     */
    private DelegationAnswer reclaim(ClientEntry client, DelegationRequest request) {
        if (client.hasLostDelegations()) {
            return refused(Reason.RESOURCE);
        }
        boolean down = client.minorVersion() == 0
                ? client.callbackPath().standing() == CallbackPath.Standing.DOWN
                : !client.canBeCalled();
        table.stateLock.lock();
        try {
            DelegationState held = client.states().delegations().get(request.inode());
            if (held != null) {
                return new DelegationAnswer.Granted(held.stateid(), held.recall() != DelegationState.Recall.NONE);
            }
        } finally {
            table.stateLock.unlock();
        }
        DelegationAnswer answer = give(client, request);
        if (answer instanceof DelegationAnswer.Granted given
                && (down || table.leases().hasChanged(request.inode(), client.id()))) {
            recaller.broken(client, request.inode());
            return new DelegationAnswer.Granted(given.stateid(), true);
        }
        return answer;
    }

    private DelegationAnswer give(ClientEntry client, DelegationRequest request) {
        FileHandle inode = request.inode();
        table.stateLock.lock();
        try {
            if (client.states().isGone() || client.states().delegations().containsKey(inode)) {
                return refused(Reason.RESOURCE);
            }
            if (!table.leases().grant(inode, client.id(), file -> broken(client, file))) {
                return refused(Reason.CONTENTION);
            }
            Optional<DelegationState> given = Optional.empty();
            boolean written = table.shares().isOpenByOthers(inode, OpenRequest.WRITE, client.holder());
            if (!written) {
                given = table.addDelegation(client, request);
            }
            if (given.isEmpty()) {
                table.leases().release(inode, client.id());
                return refused(written ? Reason.CONTENTION : Reason.RESOURCE);
            }
            granted.incrementAndGet();
            return new DelegationAnswer.Granted(given.get().stateid(), false);
        } finally {
            table.stateLock.unlock();
        }
    }

    /** Somebody wants to change the file. Called by whoever that is, so it must not wait. */
    private void broken(ClientEntry client, FileHandle inode) {
        contended.put(inode, true);
        recaller.breakSoon(client, inode);
    }

    private static DelegationAnswer refused(Reason reason) {
        return new DelegationAnswer.Refused(reason);
    }

    /** DELEGRETURN. */
    void giveBack(Optional<Client> session, Stateid stateid, FileHandle inode) throws NfsException {
        table.stateLock.lock();
        try {
            table.dropDelegation(table.stateids.requireDelegation(session, stateid, inode));
        } finally {
            table.stateLock.unlock();
        }
    }

    /** Whether a client may open a file by the right of a delegation: CLAIM_DELEGATE_CUR and CLAIM_DELEG_CUR_FH. */
    void checkClaim(ClientEntry client, Stateid stateid, FileHandle inode, int access) throws NfsException {
        table.stateLock.lock();
        try {
            Optional<Client> session = client.minorVersion() > 0 ? Optional.of(client) : Optional.empty();
            DelegationState held = table.stateids.requireDelegation(session, stateid, inode);
            if (held.client() != client) {
                throw new NfsException(NfsStatus.BAD_STATEID, "the delegation of another client");
            }
            if ((access & ~held.access()) != 0) {
                throw new NfsException(NfsStatus.OPENMODE, "a read delegation");
            }
        } finally {
            table.stateLock.unlock();
        }
    }

    DelegationCounts counts() {
        return new DelegationCounts(table.delegations(), granted.get(), recaller.recalled(), recaller.revoked());
    }
}
