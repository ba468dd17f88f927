package org.cairnfs.core.objectstore.jclouds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.cairnfs.core.testkit.FakeClock;
import org.jclouds.io.Payload;
import org.junit.jupiter.api.Test;

/** Sessions are renewed before they end and when they are refused, and never under a call. */
class LoginTest {
    private final FakeClock clock = new FakeClock();
    private final Source source = new Source();
    private final List<Bucket> opened = new ArrayList<>();
    private final Login login = new Login("s3://bucket", source, this::open, clock.asClock());

    private Blobs open(StoreCredentials credentials) {
        Bucket bucket = new Bucket(credentials);
        opened.add(bucket);
        return bucket;
    }

    private Instant in(Duration time) {
        return clock.asClock().instant().plus(time);
    }

    private static StoreCredentials until(String name, Instant end) {
        return new StoreCredentials(name, "secret", Optional.of("token"), Optional.of(end));
    }

    /** Who a call goes as. */
    private String caller() throws ObjectStoreException {
        return login.call("call", blobs -> ((Bucket) blobs).credentials.login());
    }

    private String callRefusing(String refused) throws ObjectStoreException {
        return login.call("call", blobs -> {
            if (((Bucket) blobs).credentials.login().equals(refused)) {
                throw new ObjectStoreException(Kind.CREDENTIALS, "expired");
            }
            return ((Bucket) blobs).credentials.login();
        });
    }

    @Test
    void credentialsAreReadAgainBeforeTheyExpire() throws Exception {
        source.now = until("first", in(Duration.ofHours(1)));
        assertThat(caller()).isEqualTo("first");
        source.now = until("second", in(Duration.ofHours(2)));
        clock.advance(Duration.ofMinutes(54).toNanos());
        assertThat(caller()).as("there is time").isEqualTo("first");
        clock.advance(Duration.ofMinutes(1).toNanos());
        assertThat(caller()).isEqualTo("second");
        assertThat(source.reads).isEqualTo(2);
        assertThat(opened.get(0).closed).isTrue();
    }

    @Test
    void whatIsLeftOfTheTimeIsUsedWhenNoOthersCanBeHad() throws Exception {
        source.now = until("first", in(Duration.ofMinutes(1)));
        assertThat(caller()).isEqualTo("first");
        assertThat(source.reads).isEqualTo(1);
        assertThat(caller()).as("the same again").isEqualTo("first");
        source.broken = true;
        assertThat(caller()).isEqualTo("first");
        int before = source.reads;
        source.changed = false;
        assertThat(caller()).isEqualTo("first");
        assertThat(source.reads).as("it is not worth while").isEqualTo(before);
        assertThat(opened).hasSize(1);
    }

    @Test
    void refusedCredentialsAreReadOnlyWhenThatIsWorthWhile() throws Exception {
        source.now = StoreCredentials.of("old", "secret");
        assertThat(caller()).isEqualTo("old");
        source.now = StoreCredentials.of("new", "secret");
        source.changed = false;
        for (int i = 0; i < 10; i++) {
            assertThat(catchThrowableOfType(ObjectStoreException.class, () -> callRefusing("old"))
                            .kind())
                    .isEqualTo(Kind.CREDENTIALS);
        }
        assertThat(source.reads).as("no storm").isEqualTo(1);
        source.changed = true;
        assertThat(callRefusing("old")).isEqualTo("new");
        assertThat(source.reads).isEqualTo(2);
    }

    @Test
    void aPlainDenialReadsNothing() throws Exception {
        source.now = StoreCredentials.of("me", "secret");
        ObjectStoreException denied = catchThrowableOfType(
                ObjectStoreException.class,
                () -> login.call("call", blobs -> {
                    throw new ObjectStoreException(Kind.DENIED, "no");
                }));
        assertThat(denied.kind()).isEqualTo(Kind.DENIED);
        assertThat(source.reads).isEqualTo(1);
    }

    @Test
    void aCallThatIsUnderWayKeepsItsSession() throws Exception {
        source.now = until("first", in(Duration.ofMinutes(10)));
        assertThat(caller()).isEqualTo("first");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread slow = new Thread(() -> {
            try {
                login.call("slow", blobs -> {
                    begun.countDown();
                    await(mayEnd);
                    return blobs;
                });
            } catch (ObjectStoreException e) {
                throw new AssertionError(e);
            }
        });
        slow.start();
        begun.await();
        clock.advance(Duration.ofMinutes(6).toNanos());
        source.now = until("second", in(Duration.ofHours(1)));
        assertThat(caller()).isEqualTo("second");
        assertThat(opened.get(0).closed).isFalse();
        mayEnd.countDown();
        slow.join();
        assertThat(opened.get(0).closed).isTrue();
        assertThat(opened.get(1).closed).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives what the test says. */
    private static final class Source implements CredentialsSource {
        StoreCredentials now;
        boolean changed = true;
        boolean broken;
        int reads;

        @Override
        public StoreCredentials read() throws ObjectStoreException {
            reads++;
            if (broken) {
                throw new ObjectStoreException(Kind.CREDENTIALS, "there is no credentials file");
            }
            return now;
        }

        @Override
        public boolean mayHaveChanged() {
            return changed;
        }
    }

    /** Knows whose session it is, and nothing else. */
    private static final class Bucket implements Blobs {
        final StoreCredentials credentials;
        volatile boolean closed;

        Bucket(StoreCredentials credentials) {
            this.credentials = credentials;
        }

        @Override
        public void create() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Payload> get(String name, long first, long last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ObjectInfo> head(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page list(String prefix, String marker, int max) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean markersAreNames() {
            return false;
        }

        @Override
        public void put(String name, BuffersPayload body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean sessionsEnd() {
            return false;
        }

        @Override
        public void delete(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
