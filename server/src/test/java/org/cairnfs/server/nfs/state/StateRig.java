package org.cairnfs.server.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LeaseTable;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.RangeLocks;
import org.cairnfs.core.lock.ShareTable;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/** A server's state with a clock, stable storage and file system that the test holds; short forms of what clients do. */
final class StateRig {
    static final int READ = OpenRequest.READ;
    static final int WRITE = OpenRequest.WRITE;
    static final int BOTH = READ | WRITE;
    static final int UID = 1000;
    static final Principal ROOT = new Principal(1, "0");
    static final Principal MALLORY = new Principal(1, "666");
    static final Duration LEASE = Duration.ofSeconds(90);
    static final Duration COURTESY = Duration.ofHours(1);
    static final ChannelAttributes CHANNEL = new ChannelAttributes(0, 1 << 16, 1 << 16, 2048, 16, 4);
    static final StateSettings SETTINGS = new StateSettings(
            LEASE, COURTESY, Duration.ofMillis(20), 6, 4, 3, 5, 8, 20, CHANNEL, 1 << 20, new DelegationSettings(3, 5));

    final MemoryStableClients stable = new MemoryStableClients();
    final Connection connection = new Connection() {};
    CountingPins pins;
    RangeLocks locks;
    ShareTable shares;
    ServerState state;
    LeaseTable leases;
    final PlayedCallbacks callbacks = new PlayedCallbacks();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 12_345); // a monotonic clock may wrap
    private final StateSettings settings;
    private long incarnation = 6;

    StateRig() {
        this(SETTINGS);
    }

    StateRig(StateSettings settings) {
        this.settings = settings;
        restart();
    }

    /** A crash and a start: all is lost but stable storage. */
    void restart() {
        incarnation++;
        pins = new CountingPins();
        locks = new RangeLocks(8, 16, Runnable::run);
        shares = new ShareTable(100, 100);
        leases = new LeaseTable();
        Ticker ticker = new Ticker() {
            @Override
            public long read() {
                return now.get();
            }
        };
        try {
            state = new ServerState(
                    settings,
                    new UUID(1, 2),
                    incarnation,
                    new ServerState.Surroundings(
                            pins, locks, shares, leases, callbacks, stable, false, ticker, Runnable::run));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pins.watch(state::isLockHeld);
        state.begin();
    }

    long incarnation() {
        return incarnation;
    }

    /** Lets time go on, and has the server look at it. */
    void pass(Duration time) {
        now.addAndGet(time.toNanos());
        state.tick();
    }

    ClientRegistry clients() {
        return state.clients();
    }

    FileStates files() {
        return state.files();
    }

    // ---- clients

    static Bytes bytes(String text) {
        return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
    }

    static FileHandle file(long inode) {
        return new FileHandle(new UUID(1, 2), inode, 1, 0);
    }

    SetClientIdResult.Granted setClientId(String owner, long verifier, Principal principal) throws NfsException {
        return (SetClientIdResult.Granted) clients()
                .setClientId(new SetClientIdRequest(
                        principal, verifier, bytes(owner), new Callback40(1, "tcp", "10.0.0.1.3.4", 9, true)));
    }

    /** A confirmed 4.0 client. */
    Client client40(String owner) throws NfsException {
        SetClientIdResult.Granted granted = setClientId(owner, 1, ROOT);
        clients().setClientIdConfirm(ROOT, granted.clientId(), granted.confirm());
        return clients().client40(granted.clientId());
    }

    ExchangeIdResult exchangeId(String owner, long verifier, Principal principal, int flags) throws NfsException {
        return clients().exchangeId(new ExchangeIdRequest(principal, verifier, bytes(owner), flags, 0));
    }

    CreateSessionRequest sessionRequest(ExchangeIdResult exchanged, Principal principal) {
        return new CreateSessionRequest(
                principal,
                connection,
                exchanged.clientId(),
                exchanged.sequence(),
                CreateSessionRequest.CONN_BACK_CHAN,
                CHANNEL,
                CHANNEL,
                0x4000_0000,
                Optional.of(CallbackCredential.NONE),
                1);
    }

    /** A session of a 4.1 client that has not completed its reclaim. */
    SessionId session(String owner, long verifier) throws NfsException {
        ExchangeIdResult exchanged = exchangeId(owner, verifier, ROOT, 0);
        return clients().createSession(sessionRequest(exchanged, ROOT)).session();
    }

    SequenceRequest sequence(SessionId session, int sequence, long slot) {
        return new SequenceRequest(session, sequence, slot, slot, true, connection, 200, 3, 42);
    }

    /** The client of a new session; uses its slot 0 once. */
    Client clientOf(SessionId session) throws NfsException {
        SequenceResult result = clients().sequence(sequence(session, 1, 0));
        try (SlotTurn turn = ((SequenceResult.Execute) result).turn()) {
            return turn.client();
        }
    }

    /** A 4.1 client that reconnected and may still reclaim. */
    Client reconnected41(String owner) throws NfsException {
        return clientOf(session(owner, 1));
    }

    /** A 4.1 client that may open. */
    Client client41(String owner) throws NfsException {
        Client client = reconnected41(owner);
        clients().reclaimComplete(client, false);
        return client;
    }

    // ---- files

    static OpenRequest request(String owner, long inode, int access, int deny) {
        return new OpenRequest(bytes(owner), file(inode), access, deny, false, UID);
    }

    static OpenRequest reclaim(String owner, long inode, int access, int deny) {
        return new OpenRequest(bytes(owner), file(inode), access, deny, true, UID);
    }

    Stateid open(Client client, String owner, long inode, int access, int deny) throws NfsException, FsException {
        return files().open(client, request(owner, inode, access, deny)).stateid();
    }

    /** Opens with a 4.0 owner and confirms it. */
    Stateid open40(Client client, String owner, int seqid, long inode, int access) throws NfsException, FsException {
        Stateid stateid;
        try (OwnerTurn turn = files().openTurn(client, bytes(owner), seqid)) {
            stateid = open(client, owner, inode, access, 0);
            turn.complete(ok("open " + seqid));
        }
        try (OwnerTurn turn = files().turn(stateid, seqid + 1)) {
            stateid = files().openConfirm(stateid, file(inode));
            turn.complete(ok("confirm " + (seqid + 1)));
        }
        return stateid;
    }

    static LockRequest range(long inode, LockMode mode, long offset, long length) {
        return new LockRequest(file(inode), mode, offset, length, false);
    }

    static LockRequest reclaimRange(long inode, LockMode mode, long offset, long length) {
        return new LockRequest(file(inode), mode, offset, length, true);
    }

    static Stateid granted(LockResult result) {
        assertThat(result).isInstanceOf(LockResult.Granted.class);
        return ((LockResult.Granted) result).stateid();
    }

    static OwnerReply ok(String text) {
        return new OwnerReply(NfsStatus.OK, bytes(text), Optional.empty());
    }

    /** Asserts that an operation ends with a status. */
    static void assertStatus(NfsStatus status, ThrowingCallable operation) {
        Throwable thrown = catchThrowable(operation);
        assertThat(thrown).as("what should end with %s", status).isInstanceOf(NfsException.class);
        assertThat(((NfsException) thrown).status()).isEqualTo(status);
    }
}
