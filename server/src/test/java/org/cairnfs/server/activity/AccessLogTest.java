package org.cairnfs.server.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.activity.AccessLog.Batch;
import org.cairnfs.server.activity.AccessLog.Line;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.watch.OperationWatch.Detail;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final FileHandle FILE = new FileHandle(UUID.randomUUID(), 7, 1, 0);
    private static final FileHandle LOST = new FileHandle(FILE.fileSystem(), 8, 1, 0);

    private final AtomicLong nanos = new AtomicLong();
    private final AccessLog log = new AccessLog(
            handle -> handle.equals(FILE) ? Optional.of("/a/fi\u001b[2Jle") : Optional.empty(), nanos::get);
    private final RpcCall call = mock(RpcCall.class);

    @BeforeEach
    void call() throws Exception {
        RpcConnection connection = mock(RpcConnection.class);
        when(call.connection()).thenReturn(connection);
        when(call.credential()).thenReturn(new RpcCredential.AuthSys("machine", Credentials.of(1000, 100)));
        when(connection.remoteAddress()).thenReturn(new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 1000));
    }

    private void add(FileHandle at, Object asked) {
        log.add(new Detail(call, "4.1", "READ", Optional.ofNullable(at), asked, "OK", 5_000));
    }

    private long reader() throws Exception {
        return log.read(0, 1, 0).orElseThrow().reader();
    }

    @Test
    void isOffUntilSomebodyReads() throws Exception {
        assertThat(log.isRead()).isFalse();
        long reader = reader();
        assertThat(log.isRead()).isTrue();
        add(FILE, "Read[offset=0]");
        Line line = log.read(reader, 10, 0).orElseThrow().lines().get(0);
        assertThat(line)
                .usingRecursiveComparison()
                .ignoringFields("atMillis")
                .isEqualTo(
                        new Line(0, "192.0.2.7", "1000", "4.1", "READ", "/a/fi?[2Jle", "Read[offset=0]", "OK", 5_000));
    }

    @Test
    void whatComesFromClientsIsBoundedAndPrintable() throws Exception {
        long reader = reader();
        add(LOST, "\n".repeat(1_000));
        add(null, null);
        assertThat(log.read(reader, 10, 0).orElseThrow().lines())
                .extracting(Line::path, Line::asked)
                .containsExactly(tuple("[8]", "?".repeat(500) + "..."), tuple("", ""));
    }

    @Test
    void eachReaderHearsAllAndWhatDoesNotFitIsCounted() throws Exception {
        long one = reader();
        long other = reader();
        for (int i = 0; i < AccessLog.QUEUE + 5; i++) {
            add(null, i);
        }
        Batch first = log.read(one, AccessLog.QUEUE, 0).orElseThrow();
        assertThat(first.dropped()).isEqualTo(5);
        assertThat(first.lines()).hasSize(AccessLog.QUEUE);
        assertThat(first.lines().get(AccessLog.QUEUE - 1).asked()).isEqualTo(String.valueOf(AccessLog.QUEUE - 1));
        assertThat(log.read(one, 10, 0).orElseThrow()).isEqualTo(new Batch(one, List.of(), 0));
        assertThat(log.read(other, 3, 0).orElseThrow().lines()).hasSize(3);
    }

    @Test
    void thereAreNotTooManyReadersAndThoseWhoDoNotAskAreGone() throws Exception {
        long first = reader();
        for (int i = 1; i < AccessLog.READERS; i++) {
            reader();
        }
        assertThat(log.read(0, 1, 0)).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(AccessLog.PATIENCE_SECONDS) + 1);
        long late = reader();
        assertThat(log.read(first, 1, 0)).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(AccessLog.PATIENCE_SECONDS) + 1);
        add(FILE, "");
        assertThat(log.isRead()).as("the last one is gone, too").isFalse();
        assertThat(log.read(late, 1, 0)).isEmpty();
    }
}
