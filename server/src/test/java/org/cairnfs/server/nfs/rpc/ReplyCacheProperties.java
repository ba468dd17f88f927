package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.ReplyCache.Outcome;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Any requests, first and again: a kept answer is given again as long as the bounds of the cache allow, and not a moment longer. */
class ReplyCacheProperties {
    private static final int MAX_ANSWERS = 5;
    private static final int MAX_BYTES = 200;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final RpcCredential USER = new RpcCredential.AuthSys("m", Credentials.ROOT);

    /** A request with the length of its answer, some minutes after the one before. */
    record Request(int xid, int bytes, boolean isKept, int minutes) {}

    /** An answer that was kept. */
    private record Answer(int xid, int run, int bytes, long at) {}

    @Provide
    Arbitrary<List<Request>> requests() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 20).map(words -> 4 * words),
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.of(0, 0, 0, 1, 6))
                .as(Request::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void answersAreGivenAgainWithinTheBounds(@ForAll("requests") List<Request> requests) throws Exception {
        AtomicLong nanos = new AtomicLong();
        ReplyCache cache = new ReplyCache(MAX_ANSWERS, MAX_BYTES, new Ticker() {
            @Override
            public long read() {
                return nanos.get();
            }
        });
        RpcConnection connection = PlayedCall.connection("10.0.0.1", 700);
        List<Answer> kept = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        for (Request request : requests) {
            long now = nanos.addAndGet(Duration.ofMinutes(request.minutes()).toNanos());
            Answer known = take(kept, request.xid(), now);
            PlayedCall call = new PlayedCall(connection, request.xid(), 3, 8, USER);
            int before = runs.get();
            cache.answer(call, ByteBuffer.allocate(4), () -> {
                XdrWriter results = new XdrWriter(request.bytes()).writeInt(runs.incrementAndGet());
                return new Outcome(results.writeFixedOpaque(new byte[request.bytes() - 4]), request.isKept());
            });
            if (known != null) {
                assertThat(call.replies()).containsExactly(known.run());
                assertThat(runs).hasValue(before);
            } else {
                assertThat(call.replies()).containsExactly(before + 1);
                if (request.isKept()) {
                    kept.add(new Answer(request.xid(), before + 1, request.bytes(), now));
                    while (kept.size() > MAX_ANSWERS || bytes(kept) > MAX_BYTES) {
                        kept.remove(0);
                    }
                }
            }
            assertThat(cache.size()).isEqualTo(kept.size());
        }
    }

    /** The answer that is still good; one that is too old is forgotten. */
    private static Answer take(List<Answer> kept, int xid, long now) {
        for (Answer answer : kept) {
            if (answer.xid() == xid) {
                if (now - answer.at() <= KEPT.toNanos()) {
                    return answer;
                }
                kept.remove(answer);
                return null;
            }
        }
        return null;
    }

    private static int bytes(List<Answer> kept) {
        return kept.stream().mapToInt(Answer::bytes).sum();
    }
}
