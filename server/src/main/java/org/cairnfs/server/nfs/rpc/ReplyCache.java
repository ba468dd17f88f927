package org.cairnfs.server.nfs.rpc;

import com.google.common.base.Ticker;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The last answers to requests that must not be carried out twice (RFC 1813 section 4.5, RFC 7530 section 3.1.1): a client that heard
 * nothing sends its request again, perhaps over another connection, and is given the answer to the first. For protocols that have no
 * sessions: NFSv3 and NFSv4.0.
 *
 * <p>Requests are the same when client address, transaction id, version, procedure, caller and a checksum of the arguments are: a
 * transaction id alone comes again after a client's reboot. While the first is being carried out, the others wait for it, whatever
 * it is; afterwards only those are known that said so.
 *
 * <p>Bounded in answers and bytes, the oldest go first; an answer counts for {@link #KEPT}, by when no client still resends.
 *
 * <p>Thread-safe: {@code cacheLock} guards the fields; nothing is called while it is held.
 */
public final class ReplyCache {
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** Arguments longer than this are told apart by their beginning and their length: the end is the data of a WRITE. */
    private static final int CHECKED_BYTES = 1024;

    private static final int MAX_ANSWERS = 32_768;
    private static final long MAX_BYTES = 16L << 20;

    private final Object cacheLock = new Object();
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>();
    private final Ticker ticker;
    private final int maxAnswers;
    private final long maxBytes;
    private long bytes;

    private record Key(InetAddress client, int xid, int version, int procedure, long checksum) {}

    /** A request: first without an answer, then with it. */
    private static final class Entry {
        private final List<RpcCall> waiting = new ArrayList<>();
        private ByteBuffer answer;
        private long answeredAt;
    }

    /**
     * What came of a request.
     *
     * @param results not to be changed any more
     * @param isKept whether the same request is answered with them from now on, as doing it again would be wrong
     */
    public record Outcome(XdrWriter results, boolean isKept) {}

    /** Carries a request out. */
    @FunctionalInterface
    public interface Work<X extends Exception> {
        Outcome run() throws X;
    }

    public ReplyCache() {
        this(MAX_ANSWERS, MAX_BYTES, Ticker.systemTicker());
    }

    ReplyCache(int maxAnswers, long maxBytes, Ticker ticker) {
        this.maxAnswers = maxAnswers;
        this.maxBytes = maxBytes;
        this.ticker = ticker;
    }

    /**
     * Answers a call: as before, or by carrying it out.
     *
     * @param arguments as they are on the wire
     */
    public <X extends Exception> void answer(RpcCall call, ByteBuffer arguments, Work<X> work) throws X {
        Key key = key(call, arguments);
        ByteBuffer known;
        synchronized (cacheLock) {
            Entry entry = entries.get(key);
            if (entry != null && entry.answer != null && isOver(entry)) {
                remove(key, entry);
                entry = null;
            }
            if (entry == null) {
                entries.put(key, new Entry());
                known = null;
            } else if (entry.answer == null) {
                entry.waiting.add(call);
                return;
            } else {
                known = entry.answer.duplicate();
            }
        }
        if (known != null) {
            call.reply(known);
            return;
        }
        Outcome outcome = null;
        byte[] kept = null;
        List<RpcCall> waiting;
        try {
            outcome = work.run();
            kept = outcome.isKept() ? outcome.results().toByteArray() : null;
        } finally {
            waiting = end(key, kept);
            if (outcome == null) {
                waiting.forEach(ReplyCache::sendAway);
            }
        }
        if (!waiting.isEmpty()) {
            ByteBuffer answer = ByteBuffer.wrap(kept == null ? outcome.results().toByteArray() : kept);
            waiting.forEach(other -> other.reply(answer.duplicate()));
        }
        call.reply(outcome.results());
    }

    /** Has the client send it once more, which over this connection it may not do. */
    private static void sendAway(RpcCall call) {
        call.drop();
        call.connection().close("a request that came again failed the first time");
    }

    /** Answers kept, and requests in the making. */
    int size() {
        synchronized (cacheLock) {
            return entries.size();
        }
    }

    /** Keeps the results, or forgets the request if there are none to keep ({@code null}); who waits for them. */
    private List<RpcCall> end(Key key, byte[] results) {
        synchronized (cacheLock) {
            Entry entry = entries.remove(key);
            List<RpcCall> waiting = List.copyOf(entry.waiting);
            if (results != null) {
                entry.waiting.clear();
                entry.answer = ByteBuffer.wrap(results);
                entry.answeredAt = ticker.read();
                bytes += results.length;
                entries.put(key, entry);
                evict();
            }
            return waiting;
        }
    }

    private void evict() {
        Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
        while (eldest.hasNext() && (entries.size() > maxAnswers || bytes > maxBytes)) {
            Entry entry = eldest.next().getValue();
            if (entry.answer != null) {
                bytes -= entry.answer.capacity();
                eldest.remove();
            }
        }
    }

    private boolean isOver(Entry entry) {
        return ticker.read() - entry.answeredAt > KEPT.toNanos();
    }

    private void remove(Key key, Entry entry) {
        entries.remove(key);
        bytes -= entry.answer.capacity();
    }

    private static Key key(RpcCall call, ByteBuffer arguments) {
        Hasher hasher = Hashing.sipHash24().newHasher().putInt(arguments.remaining());
        // What was asked under protection is not answered without it.
        hasher.putUnencodedChars(call.connection().transportSecurity().name());
        hasher.putBytes(arguments.slice(arguments.position(), Math.min(arguments.remaining(), CHECKED_BYTES)));
        if (call.credential() instanceof RpcCredential.AuthSys sys) {
            Credentials ids = sys.ids();
            hasher.putInt(ids.uid()).putInt(ids.gid());
            ids.groups().forEach(hasher::putInt);
        } else if (call.credential() instanceof RpcCredential.Gss gss) {
            hasher.putUnencodedChars(gss.principal())
                    .putUnencodedChars(gss.service().name());
        }
        return new Key(
                call.connection().remoteAddress().getAddress(),
                call.xid(),
                call.version(),
                call.procedure(),
                hasher.hash().asLong());
    }
}
