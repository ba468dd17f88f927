package org.cairnfs.core.objectstore.jclouds;

import java.io.IOException;
import java.time.Clock;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.objectstore.ObjectStoreException.Kind;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket, opened with credentials, and opened again when the store no longer accepts them.
 *
 * <p>When a call fails for its credentials, they are read again; if they are others than before, or the store knows sessions
 * that end (Swift), the call is made once more. So wrong credentials cost two requests, not a storm.
 *
 * <p>Threading: this monitor guards the current session; calls do not hold it. The session before is closed when a new one is
 * made: calls that are under way on it fail or finish.
 */
final class Login implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final String place;
    private final CredentialsSource source;
    private final Opener opener;
    private final StoreErrors errors;
    private Session session;

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

        Session(StoreCredentials credentials, Blobs blobs) {
            this.credentials = credentials;
            this.blobs = blobs;
        }
    }

    /** @param place for messages */
    Login(String place, CredentialsSource source, Opener opener, Clock clock) {
        this.place = place;
        this.source = source;
        this.opener = opener;
        this.errors = new StoreErrors(clock);
    }

    /**
     * Calls the bucket.
     *
     * @param what is done to what, where, for messages
     */
    <T> T call(String what, Call<T> call) throws ObjectStoreException {
        Session now = current();
        try {
            return attempt(what, now, call);
        } catch (ObjectStoreException e) {
            if (e.kind() != Kind.CREDENTIALS) {
                throw e;
            }
            Session next = renewed(now, e);
            if (next == now) {
                throw e;
            }
            return attempt(what, next, call);
        }
    }

    private <T> T attempt(String what, Session now, Call<T> call) throws ObjectStoreException {
        try {
            return call.on(now.blobs);
        } catch (IOException | RuntimeException e) {
            throw errors.translate(what, e);
        }
    }

    private synchronized Session current() throws ObjectStoreException {
        if (session == null) {
            StoreCredentials credentials = source.read();
            session = new Session(credentials, opener.open(credentials));
        }
        return session;
    }

    /** A session with other credentials than the one that failed, or that one if there are no others. */
    private synchronized Session renewed(Session failed, ObjectStoreException cause) throws ObjectStoreException {
        if (session != failed) {
            return session; // another thread was faster
        }
        StoreCredentials credentials;
        try {
            credentials = source.read();
        } catch (ObjectStoreException e) {
            cause.addSuppressed(e);
            return failed;
        }
        if (credentials.equals(failed.credentials) && !failed.blobs.sessionsEnd()) {
            return failed;
        }
        LOG.info("{} refused the credentials; trying with those that were read just now", place);
        Session next = new Session(credentials, opener.open(credentials));
        session = next;
        failed.blobs.close();
        return next;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.blobs.close();
        }
    }
}
