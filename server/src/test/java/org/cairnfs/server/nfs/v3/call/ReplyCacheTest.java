package org.cairnfs.server.nfs.v3.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.common.base.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.TransportSecurity;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** What is done once, twice, or never by a cache of answers. */
class ReplyCacheTest {
    private static final byte[] ARGUMENTS = {1, 2, 3, 4};

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
        RpcCall other = call("10.0.0.1", 700, 5, 8);
        when(other.credential()).thenReturn(new RpcCredential.AuthSys("m", Credentials.of(1, 0)));
        assertThat(answer(other, ARGUMENTS)).isEqualTo(6);
    }

    @Test
    void whileItRunsOthersWaitForIt() throws Exception {
        RpcCall resent = call("10.0.0.1", 701, 5, 8);
        RpcCall first = call("10.0.0.1", 700, 5, 8);
        cache.answer(first, ByteBuffer.wrap(ARGUMENTS), () -> {
            cache.answer(resent, ByteBuffer.wrap(ARGUMENTS), () -> {
                throw new AssertionError("done twice");
            });
            verify(resent, never()).reply(any(ByteBuffer.class));
            return result(7);
        });
        assertThat(replies(first)).containsExactly(7);
        assertThat(replies(resent)).containsExactly(7);
    }

    @Test
    void whatFailsIsForgotten() throws Exception {
        RpcCall resent = call("10.0.0.1", 701, 5, 8);
        assertThatThrownBy(() -> cache.answer(call("10.0.0.1", 700, 5, 8), ByteBuffer.wrap(ARGUMENTS), () -> {
                    cache.answer(resent, ByteBuffer.wrap(ARGUMENTS), () -> result(1));
                    throw new IllegalStateException("bug");
                }))
                .hasMessage("bug");
        verify(resent).drop();
        assertThat(answer(call("10.0.0.1", 702, 5, 8), ARGUMENTS)).isEqualTo(1);
    }

    @Test
    void jukeboxIsNoAnswerToKeep() throws Exception {
        RpcCall call = call("10.0.0.1", 700, 5, 8);
        cache.answer(call, ByteBuffer.wrap(ARGUMENTS), () -> result(Nfs3Status.JUKEBOX.code()));
        assertThat(replies(call)).containsExactly(Nfs3Status.JUKEBOX.code());
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
            cache.answer(call("10.0.0.1", 700, xid, 8), ByteBuffer.wrap(ARGUMENTS), () -> new byte[400]);
        }
        assertThat(cache.size()).isEqualTo(2);
    }

    /** The number that the answer has: which run it is of. */
    private int answer(RpcCall call, byte[] arguments) throws Exception {
        cache.answer(call, ByteBuffer.wrap(arguments), () -> result(runs.incrementAndGet()));
        List<Integer> replies = replies(call);
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    private static List<Integer> replies(RpcCall call) {
        ArgumentCaptor<ByteBuffer> captor = ArgumentCaptor.forClass(ByteBuffer.class);
        verify(call).reply(captor.capture());
        List<Integer> results = new ArrayList<>();
        captor.getAllValues().forEach(reply -> results.add(reply.getInt(0)));
        return results;
    }

    private static byte[] result(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    private static RpcCall call(String address, int port, int xid, int procedure) throws Exception {
        RpcConnection connection = mock(RpcConnection.class);
        when(connection.remoteAddress()).thenReturn(new InetSocketAddress(InetAddress.getByName(address), port));
        when(connection.transportSecurity()).thenReturn(TransportSecurity.NONE);
        RpcCall call = mock(RpcCall.class);
        when(call.connection()).thenReturn(connection);
        when(call.xid()).thenReturn(xid);
        when(call.procedure()).thenReturn(procedure);
        when(call.credential()).thenReturn(new RpcCredential.AuthSys("m", Credentials.ROOT));
        return call;
    }
}
