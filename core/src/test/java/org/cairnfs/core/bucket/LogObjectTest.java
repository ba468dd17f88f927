package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.testkit.Damage;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

/** Log objects as bytes, in a bucket, and in the chain. */
class LogObjectTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static LogObject log(long number, ChainEnd end, boolean barrier, boolean lineage) {
        return new LogObject(
                3,
                number,
                new UUID(1, 2),
                Instant.ofEpochMilli(99),
                end.height() + 1,
                end.link(),
                10,
                20,
                barrier,
                lineage,
                new byte[] {1, 2, 3});
    }

    private static void assertSame(LogObject one, LogObject other) {
        assertThat(one.encode()).isEqualTo(other.encode());
        assertThat(one).hasToString(other.toString());
    }

    private static Bucket bucket(MemoryObjectStore store) throws Exception {
        return Buckets.create(store, BucketOptions.DEFAULT, List.of(RecoveryKey.generate(RANDOM)), Clock.systemUTC());
    }

    @Test
    void whatWasEncodedDecodes() throws Exception {
        for (boolean barrier : new boolean[] {true, false}) {
            for (boolean lineage : new boolean[] {true, false}) {
                LogObject log = log(7, ChainEnd.START, barrier, lineage);
                LogObject decoded = LogObject.decode(log.encode());
                assertSame(decoded, log);
                assertThat(decoded.barrier()).isEqualTo(barrier);
                assertThat(decoded.lineage()).isEqualTo(lineage);
            }
        }
    }

    @Test
    void anyBytesParseOrAreMalformed() {
        byte[] encoded = log(7, ChainEnd.START, true, false).encode();
        Stream.concat(Damage.all(encoded), Damage.mutations(encoded, 5000, 1)).forEach(damaged -> {
            Throwable thrown =
                    catchThrowable(() -> LogObject.decode(damaged.bytes().array()));
            if (thrown != null) {
                assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
            }
        });
        Damage.truncations(encoded)
                .forEach(damaged -> assertThatThrownBy(
                                () -> LogObject.decode(damaged.bytes().array()))
                        .isInstanceOf(MalformedException.class));
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() throws Exception {
        LogObject log = log(7, ChainEnd.START, true, false);
        byte[] later = Arrays.copyOf(log.encode(), log.encode().length + 20);
        assertThatThrownBy(() -> LogObject.decode(later)).isInstanceOf(MalformedException.class);
        later[0] = 2;
        assertSame(LogObject.decode(later), log);
    }

    @Test
    void theChainGrowsAndEachObjectNamesTheOneBefore() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Bucket bucket = bucket(store);
        Chain chain = bucket.chain(ChainEnd.START);
        LogObject first = chain.append(end -> log(1, end, false, false)).object();
        LogObject second = chain.append(end -> log(2, end, true, false)).object();
        assertThat(chain.end().height()).isEqualTo(2);
        assertThat(chain.end().objectKey()).isEqualTo(second.objectKey());
        assertThat(second.previous()).isEqualTo(bucket.logs().link(first));
        assertThat(bucket.logs().positions()).containsExactly(new Logs.Position(3, 1), new Logs.Position(3, 2));
        assertSame(bucket.logs().read(new Logs.Position(3, 2)), second);
    }

    @Test
    void aKeyThatIsTakenMeansAnotherServer() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Bucket bucket = bucket(store);
        bucket.chain(ChainEnd.START).append(end -> log(1, end, true, false));
        Chain other = bucket.chain(ChainEnd.START);
        assertThatThrownBy(() -> other.append(end -> log(1, end, true, false)))
                .isInstanceOfSatisfying(
                        BucketException.class, e -> assertThat(e.kind()).isEqualTo(BucketException.Kind.HELD));
        assertThat(other.end()).isEqualTo(ChainEnd.START);
    }

    @Test
    void whatDoesNotFollowIsRefused() throws Exception {
        Chain chain = bucket(new MemoryObjectStore()).chain(ChainEnd.START);
        chain.append(end -> log(1, end, true, false));
        assertThatThrownBy(() -> chain.append(end -> log(2, ChainEnd.START, true, false)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anObjectUnderAnotherKeyIsCorrupt() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        Bucket bucket = bucket(store);
        bucket.chain(ChainEnd.START).append(end -> log(1, end, true, false));
        String key = BucketLayout.log(3, 1);
        store.put(BucketLayout.log(3, 2), ByteBuffer.wrap(store.get(key, LogObject.MAX_LENGTH)));
        assertThatThrownBy(() -> bucket.logs().read(new Logs.Position(3, 2)))
                .isInstanceOf(CorruptObjectException.class);
    }
}
