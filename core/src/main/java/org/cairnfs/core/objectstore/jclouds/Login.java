package org.cairnfs.core.objectstore.jclouds;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket, opened with credentials, and opened again when these expire or the store no longer accepts them.
 *
 * <p>When a call fails for its credentials, they are read again if that is worth while ({@link CredentialsSource#mayHaveChanged});
 * if they are others than before, or the store knows sessions that end (Swift), the call is made once more. So wrong credentials
 * cost a request or two, not a storm. Those that are known to expire are read again from {@link #AHEAD} before, by one caller,
 * while the others go on with what they have.
 *
 * <p>Threading: {@code renewal} is held by the one who reads credentials and opens a session, which may take a minute; this
 * monitor guards the current session and the calls of each. Calls hold neither. A session is closed when another took its place
 * and the last call on it has ended.
 */
final class Login implements AutoCloseable {
    /** How long before credentials expire others are asked for. */
    static final Duration AHEAD = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final String place;
    private final CredentialsSource source;
    private final Opener opener;
    private final Clock clock;
    private final StoreErrors errors;
    private final ReentrantLock renewal = new ReentrantLock();
    private Session current;

    /** Opens a bucket with credentials. */
    @FunctionalInterface
    interface Opener {
        /** Makes ready to speak with the store; need not speak yet. */
        Blobs open(StoreCredentials credentials) throws ObjectStoreException;
    }

    /** A call, and how it fails: unchecked by jclouds, or checked with its kind. */
    @FunctionalInterface
    interface Call<T> {
        T on(Blobs blobs) throws IOException;
    }

    /** Compared by identity: credentials that are equal may stand for another session. */
    private static final class Session {
        final StoreCredentials credentials;
        final Blobs blobs;
        int calls;
        boolean replaced;

        Session(StoreCredentials credentials, Blobs blobs) {
            this.credentials = credentials;
            this.blobs = blobs;
        }
    }

    /**
     * @param place for messages
     * @param clock that says when credentials expire
     */
    Login(String place, CredentialsSource source, Opener opener, Clock clock) {
        this.place = place;
        this.source = source;
        this.opener = opener;
        this.clock = clock;
        this.errors = new StoreErrors(clock);
    }

    /**
     * Calls the bucket.
     *
     * @param what is done to what, where, for messages
     */
    <T> T call(String what, Call<T> call) throws ObjectStoreException {
        renewAhead();
        Session session = enter();
        try {
            return attempt(what, session, call);
        } catch (ObjectStoreException e) {
            if (e.kind() != Kind.CREDENTIALS || !renewRefused(session, e)) {
                throw e;
            }
        } finally {
            leave(session);
        }
        Session renewed = enter();
        try {
            return attempt(what, renewed, call);
        } finally {
            leave(renewed);
        }
    }

    private <T> T attempt(String what, Session session, Call<T> call) throws ObjectStoreException {
        try {
            return call.on(session.blobs);
        } catch (IOException | RuntimeException e) {
            throw errors.translate(what, e);
        }
    }

    /** Begins a call on the current session, which is opened if there is none. */
    private Session enter() throws ObjectStoreException {
        if (current() == null) {
            renewal.lock();
            try {
                if (current() == null) {
                    open(source.read());
                }
            } finally {
                renewal.unlock();
            }
        }
        synchronized (this) {
            current.calls++;
            return current;
        }
    }

    private synchronized Session current() {
        return current;
    }

    private void leave(Session session) {
        boolean last;
        synchronized (this) {
            session.calls--;
            last = session.replaced && session.calls == 0;
        }
        if (last) {
            session.blobs.close();
        }
    }

    private void open(StoreCredentials credentials) throws ObjectStoreException {
        Session opened = new Session(credentials, opener.open(credentials));
        Session before;
        boolean unused;
        synchronized (this) {
            before = current;
            current = opened;
            if (before == null) {
                return;
            }
            before.replaced = true;
            unused = before.calls == 0;
        }
        if (unused) {
            before.blobs.close();
        }
    }

    /** Asks for other credentials, if those in use expire soon. */
    private void renewAhead() {
        Session session = current();
        if (session == null || !expiresSoon(session.credentials) || !source.mayHaveChanged() || !renewal.tryLock()) {
            return;
        }
        try {
            StoreCredentials credentials = source.read();
            if (session == current() && !credentials.equals(session.credentials)) {
                LOG.info("the credentials for {} expire soon; going on with those that were read just now", place);
                open(credentials);
            }
        } catch (ObjectStoreException e) {
            LOG.warn("the credentials for {} expire soon, and no others can be had: {}", place, e.getMessage());
        } finally {
            renewal.unlock();
        }
    }

    private boolean expiresSoon(StoreCredentials credentials) {
        return credentials
                .expires()
                .filter(end -> !clock.instant().isBefore(end.minus(AHEAD)))
                .isPresent();
    }

    /** Makes sure that the session that was refused is not the current one; false if there are no other credentials. */
    private boolean renewRefused(Session refused, ObjectStoreException cause) throws ObjectStoreException {
        renewal.lock();
        try {
            if (current() != refused) {
                return true; // another thread was faster
            }
            StoreCredentials credentials = source.mayHaveChanged() ? source.read() : refused.credentials;
            if (credentials.equals(refused.credentials) && !refused.blobs.sessionsEnd()) {
                return false;
            }
            LOG.info("{} refused the credentials; trying with those that were read just now", place);
            open(credentials);
            return true;
        } catch (ObjectStoreException e) {
            LOG.warn("{} refused the credentials, and no others can be had: {}", place, e.getMessage());
            cause.addSuppressed(e);
            return false;
        } finally {
            renewal.unlock();
        }
    }

    @Override
    public void close() {
        Session session = current();
        if (session != null) {
            session.blobs.close();
        }
    }
}
