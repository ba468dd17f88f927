package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import com.google.common.base.Ticker;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.ReplyCache.Outcome;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** What is done once, twice, or never by a cache of answers. */
class ReplyCacheTest {
    private static final byte[] ARGUMENTS = {1, 2, 3, 4};
    private static final RpcCredential ROOT = new RpcCredential.AuthSys("m", Credentials.ROOT);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger runs = new AtomicInteger();
    private final ReplyCache cache = new ReplyCache(4, 1 << 10, new Ticker() {
        @Override
        public long read() {
            return nanos.get();
        }
    });

    @Test
    void aResendOverAnyConnectionGetsTheFirstAnswer() throws Exception {
        assertThat(answer(call("10.0.0.1", 700, 5, 8), ARGUMENTS)).isEqualTo(1);
        assertThat(answer(call("10.0.0.1", 701, 5, 8), ARGUMENTS)).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void anotherRequestIsAnother() throws Exception {
        answer(call("10.0.0.1", 700, 5, 8), ARGUMENTS);
        assertThat(answer(call("10.0.0.2", 700, 5, 8), ARGUMENTS)).isEqualTo(2);
        assertThat(answer(call("10.0.0.1", 700, 6, 8), ARGUMENTS)).isEqualTo(3);
        assertThat(answer(call("10.0.0.1", 700, 5, 9), ARGUMENTS)).isEqualTo(4);
        assertThat(answer(call("10.0.0.1", 700, 5, 8), new byte[] {1, 2, 3, 5})).isEqualTo(5);
        RpcConnection same = PlayedCall.connection("10.0.0.1", 700);
        RpcCredential another = new RpcCredential.AuthSys("m", Credentials.of(1, 0));
        assertThat(answer(new PlayedCall(same, 5, 3, 8, another), ARGUMENTS)).isEqualTo(6);
        assertThat(answer(new PlayedCall(same, 5, 4, 8, ROOT), ARGUMENTS)).isEqualTo(7);
        assertThat(answer(new PlayedCall(same, 5, 3, 8, ROOT), ARGUMENTS))
                .as("the first was the oldest")
                .isEqualTo(8);
    }

    /** Whether it is kept or not: nobody knows before it has been done. */
    @Test
    void whileItRunsOthersWaitForIt() throws Exception {
        for (boolean kept : new boolean[] {true, false}) {
            PlayedCall first = call("10.0.0.1", 700, 5, kept ? 8 : 9);
            PlayedCall resent = call("10.0.0.1", 701, 5, kept ? 8 : 9);
            cache.answer(first, ByteBuffer.wrap(ARGUMENTS), () -> {
                cache.answer(resent, ByteBuffer.wrap(ARGUMENTS), () -> {
                    throw new AssertionError("done twice");
                });
                assertThat(resent.replies()).isEmpty();
                return new Outcome(result(7), kept);
            });
            assertThat(first.replies()).containsExactly(7);
            assertThat(resent.replies()).containsExactly(7);
        }
        assertThat(cache.size()).isEqualTo(1);
    }

    /** The client sends it once more, for which a client of NFSv4 needs another connection. */
    @Test
    void whatFailsIsForgotten() throws Exception {
        PlayedCall first = call("10.0.0.1", 700, 5, 8);
        PlayedCall resent = call("10.0.0.1", 701, 5, 8);
        assertThatThrownBy(() -> cache.answer(first, ByteBuffer.wrap(ARGUMENTS), () -> {
                    cache.answer(resent, ByteBuffer.wrap(ARGUMENTS), () -> new Outcome(result(1), true));
                    throw new IllegalStateException("bug");
                }))
                .hasMessage("bug");
        assertThat(resent.isDropped()).isTrue();
        verify(resent.connection()).close(anyString());
        verify(first.connection(), never()).close(anyString());
        assertThat(answer(call("10.0.0.1", 702, 5, 8), ARGUMENTS)).isEqualTo(1);
    }

    @Test
    void whatMayBeDoneTwiceIsNotKept() throws Exception {
        PlayedCall call = call("10.0.0.1", 700, 5, 8);
        cache.answer(call, ByteBuffer.wrap(ARGUMENTS), () -> new Outcome(result(7), false));
        assertThat(call.replies()).containsExactly(7);
        assertThat(cache.size()).isZero();
    }

    @Test
    void theOldestGoFirstAndNothingStaysForever() throws Exception {
        for (int xid = 0; xid < 10; xid++) {
            answer(call("10.0.0.1", 700, xid, 8), ARGUMENTS);
            assertThat(cache.size()).isLessThanOrEqualTo(4);
        }
        assertThat(answer(call("10.0.0.1", 700, 9, 8), ARGUMENTS)).isEqualTo(10);
        assertThat(answer(call("10.0.0.1", 700, 0, 8), ARGUMENTS)).isEqualTo(11);
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(answer(call("10.0.0.1", 700, 9, 8), ARGUMENTS)).isEqualTo(12);
    }

    @Test
    void bytesAreBounded() throws Exception {
        for (int xid = 0; xid < 4; xid++) {
            PlayedCall call = call("10.0.0.1", 700, xid, 8);
            cache.answer(
                    call,
                    ByteBuffer.wrap(ARGUMENTS),
                    () -> new Outcome(new XdrWriter(400).writeFixedOpaque(new byte[400]), true));
        }
        assertThat(cache.size()).isEqualTo(2);
    }

    /** Each connection sends all requests, as if it had heard no answer. */
    @Test
    void manyAtOnceDoEachOnce() throws Exception {
        int connections = 4;
        int requests = 300;
        ReplyCache wide = new ReplyCache(requests, 1 << 20, Ticker.systemTicker());
        AtomicInteger[] done = new AtomicInteger[requests];
        for (int xid = 0; xid < requests; xid++) {
            done[xid] = new AtomicInteger();
        }
        List<PlayedCall> made = new ArrayList<>();
        List<Future<Void>> all = new ArrayList<>();
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            for (int i = 0; i < connections; i++) {
                List<PlayedCall> its = new ArrayList<>();
                RpcConnection connection = PlayedCall.connection("10.0.0.1", 700 + i);
                for (int xid = 0; xid < requests; xid++) {
                    its.add(new PlayedCall(connection, xid, 3, 8, ROOT));
                }
                made.addAll(its);
                all.add(threads.submit(() -> {
                    begin.await();
                    for (PlayedCall call : its) {
                        int xid = call.xid();
                        wide.answer(
                                call,
                                ByteBuffer.wrap(ARGUMENTS),
                                () -> new Outcome(result(1000 * done[xid].incrementAndGet() + xid), true));
                    }
                    return null;
                }));
            }
            begin.countDown();
            for (Future<Void> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(made).allSatisfy(call -> assertThat(call.replies()).containsExactly(1000 + call.xid()));
    }

    /** The number that the answer has: which run it is of. */
    private int answer(PlayedCall call, byte[] arguments) throws Exception {
        cache.answer(call, ByteBuffer.wrap(arguments), () -> new Outcome(result(runs.incrementAndGet()), true));
        assertThat(call.replies()).hasSize(1);
        return call.replies().get(0);
    }

    private static XdrWriter result(int number) throws XdrException {
        return new XdrWriter(8).writeInt(number);
    }

    private static PlayedCall call(String address, int port, int xid, int procedure) throws UnknownHostException {
        return new PlayedCall(PlayedCall.connection(address, port), xid, 3, procedure, ROOT);
    }
}
