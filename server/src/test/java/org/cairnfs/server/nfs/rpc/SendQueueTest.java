package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.memory.MemoryManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every message goes out once, in order, whenever the socket says that it has taken one. */
@Timeout(120)
class SendQueueTest {
    private static final int SENDERS = 4;
    private static final int MESSAGES = 2_000;

    /** What was given to the socket; each write is a string of its own. */
    private final List<String> written = new ArrayList<>();

    private final Queue<CompletionHandler<WriteResult<Buffer, Object>>> unfinished = new ArrayDeque<>();
    private final AtomicInteger done = new AtomicInteger();
    private final MemoryBudget budget = new MemoryBudget(1 << 30, () -> {});
    private final Connection<Object> connection = stub();
    private final SendQueue queue =
            new SendQueue(connection, new MemoryShare(budget, 1 << 30, () -> {}), RpcMetrics.NONE, () -> {});
    private final ExecutorService selectors = Executors.newCachedThreadPool();

    /** What the socket does with a write, on the thread that writes and before the write returns. */
    private interface Socket {
        void write(CompletionHandler<WriteResult<Buffer, Object>> handler) throws Exception;
    }

    private Socket socket = unfinished::add;

    @SuppressWarnings("unchecked") // A generic type has no class of its own.
    private static Connection<Object> stub() {
        return mock(Connection.class, withSettings().stubOnly());
    }

    @BeforeEach
    @SuppressWarnings("unchecked") // The same.
    void connect() {
        Transport transport = mock(Transport.class, withSettings().stubOnly());
        doAnswer(call -> MemoryManager.DEFAULT_MEMORY_MANAGER).when(transport).getMemoryManager();
        when(connection.getTransport()).thenReturn(transport);
        doAnswer(call -> {
                    Buffer bytes = call.getArgument(0);
                    written.add(StandardCharsets.US_ASCII
                            .decode(bytes.toByteBuffer())
                            .toString());
                    socket.write(call.getArgument(1));
                    return null;
                })
                .when(connection)
                .write(any(Buffer.class), any(CompletionHandler.class));
    }

    @AfterEach
    void endThreads() {
        selectors.shutdownNow();
    }

    private void send(String text) {
        queue.send(List.of(StandardCharsets.US_ASCII.encode(text)), done::incrementAndGet);
    }

    private void finishOldest() {
        unfinished.remove().completed(null);
    }

    private Future<?> finishElsewhere(CompletionHandler<WriteResult<Buffer, Object>> handler) {
        return selectors.submit(() -> handler.completed(null));
    }

    private void assertAllGone(int messages) {
        assertThat(done).hasValue(messages);
        assertThat(queue.queuedBytes()).isZero();
        assertThat(queue.headAgeNanos(System.nanoTime())).isZero();
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatTheSocketTakesAtOnceIsWrittenOnce() {
        socket = handler -> handler.completed(null);
        send("a");
        send("b");
        assertThat(written).containsExactly("a", "b");
        assertAllGone(2);
    }

    @Test
    void whatQueuesUpMeanwhileGoesTogether() {
        send("a");
        send("b");
        send("c");
        assertThat(written).containsExactly("a");
        assertThat(queue.queuedBytes()).isEqualTo(3);
        assertThat(budget.used()).isEqualTo(3);

        finishOldest();
        assertThat(written).containsExactly("a", "bc");
        finishOldest();
        assertAllGone(3);
    }

    @Test
    void aBatchIsBounded() {
        String large = "x".repeat(200 << 10);
        send("a");
        send(large);
        send(large);
        finishOldest();
        assertThat(written).containsExactly("a", large);
        finishOldest();
        finishOldest();
        assertThat(written).containsExactly("a", large, large);
        assertAllGone(3);
    }

    /** The next batch is made while the write of the first is still being called: its caller goes on with it, alone. */
    @Test
    void aMessageThatComesWhileAWriteEndsWithinItsCallIsWrittenOnce() {
        socket = handler -> {
            socket = unfinished::add;
            send("b");
            handler.completed(null);
        };
        send("a");
        assertThat(written).containsExactly("a", "b");
        finishOldest();
        assertAllGone(2);
    }

    /** The same, with the end of the write told by another thread before the call returns. */
    @Test
    void aWriteThatAnotherThreadEndsBeforeItReturnsIsFollowedOnce() {
        socket = handler -> {
            socket = unfinished::add;
            send("b");
            finishElsewhere(handler).get(60, TimeUnit.SECONDS);
            send("c");
        };
        send("a");
        assertThat(written).containsExactly("a", "b");
        finishOldest();
        finishOldest();
        assertThat(written).containsExactly("a", "b", "c");
        assertAllGone(3);
    }

    @Test
    void closingDropsWhatWaitsAndWhatIsBeingWritten() {
        send("a");
        send("b");
        queue.close();
        assertAllGone(2);
        finishOldest();
        send("c");
        assertThat(written).containsExactly("a");
        assertAllGone(3);
    }

    /** Senders, and a socket that ends its writes at once, within the call by another thread, or later, as it happens. */
    @Test
    void underLoadEachMessageGoesOutOnceAndInOrderOfItsSender() throws Exception {
        Random random = new Random(11);
        AtomicInteger writing = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        CountDownLatch gone = new CountDownLatch(SENDERS * MESSAGES);
        // Only one write runs at a time, which is what is tested; so nothing in here needs a lock.
        socket = handler -> {
            mostAtOnce.accumulateAndGet(writing.incrementAndGet(), Math::max);
            int kind = random.nextInt(3);
            writing.decrementAndGet();
            if (kind == 0) {
                handler.completed(null);
                return;
            }
            Future<?> end = finishElsewhere(handler);
            if (kind == 1) {
                end.get(60, TimeUnit.SECONDS);
            }
        };
        List<Future<?>> senders = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            char name = (char) ('a' + sender);
            senders.add(selectors.submit(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] text = (name + "" + i + ";").getBytes(StandardCharsets.US_ASCII);
                    queue.send(List.of(ByteBuffer.wrap(text)), gone::countDown);
                }
            }));
        }
        for (Future<?> sender : senders) {
            sender.get(60, TimeUnit.SECONDS);
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(mostAtOnce).hasValue(1);
        int[] next = new int[SENDERS];
        String all = String.join("", written);
        for (int from = 0, to; from < all.length(); from = to + 1) {
            to = all.indexOf(';', from);
            int sender = all.charAt(from) - 'a';
            assertThat(all.substring(from + 1, to)).isEqualTo(String.valueOf(next[sender]++));
        }
        assertThat(next).containsOnly(MESSAGES);
        assertThat(queue.queuedBytes()).isZero();
        assertThat(budget.used()).isZero();
    }
}
