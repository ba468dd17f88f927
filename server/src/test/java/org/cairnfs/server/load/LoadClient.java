package org.cairnfs.server.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.cairnfs.server.load.Results.FailedException;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrException;

/** A client of the load: a session, a number, and a directory of its own. For one thread at a time. */
final class LoadClient implements AutoCloseable {
    /** OPEN4_SHARE_ACCESS_BOTH, and OPEN4_SHARE_ACCESS_WANT_NO_DELEG. */
    static final int ACCESS = StateOps.BOTH | 0x400;

    private static final String OWNER = "load";
    private static final int NOT_THERE = 2;

    private final int number;
    private final LoadSession session;
    private final byte[] directory;

    private LoadClient(int number, LoadSession session, byte[] directory) {
        this.number = number;
        this.session = session;
        this.directory = directory;
    }

    /**
     * Connects, and makes its directory if it is not there.
     *
     * @param path of the directory, by names from the root of the server
     */
    static LoadClient open(InetSocketAddress server, int number, int inFlight, List<String> path)
            throws IOException, XdrException, FailedException {
        LoadSession session = LoadSession.open(server, "load " + number + " of " + System.nanoTime(), inFlight);
        byte[] at =
                session.call(Ops.putRootFh(), Ops.getFh()).ok(OpCode.PUTROOTFH).handle();
        for (String name : path) {
            at = enter(session, at, name);
        }
        return new LoadClient(number, session, at);
    }

    /** The directory of this name, which is made unless it is there: several clients may be about it at once. */
    private static byte[] enter(LoadSession session, byte[] parent, String name)
            throws IOException, XdrException, FailedException {
        Results results = session.call(Ops.putFh(parent), Ops.lookup(name), Ops.getFh());
        if (results.status() == NOT_THERE) {
            session.call(Ops.putFh(parent), Ops.mkdir(name, Fattr.mode(0755)));
            results = session.call(Ops.putFh(parent), Ops.lookup(name), Ops.getFh());
        }
        return results.ok(OpCode.PUTFH, OpCode.LOOKUP).handle();
    }

    int number() {
        return number;
    }

    LoadSession session() {
        return session;
    }

    byte[] directory() {
        return directory.clone();
    }

    /** A file that is open. */
    record OpenFile(Op putFh, Stateid stateid) {}

    /** OPEN that makes a file which must not be there. */
    static Op create(String name) {
        return StateOps.open(ACCESS, 0, OWNER, StateOps.guarded(Fattr.mode(0644)), StateOps.claimNull(name));
    }

    /** Opens a file in the directory. */
    OpenFile open(String name, boolean create) throws IOException, XdrException, FailedException {
        Op open =
                create ? create(name) : StateOps.open(ACCESS, 0, OWNER, StateOps.noCreate(), StateOps.claimNull(name));
        Results results = session.call(Ops.putFh(directory), open, Ops.getFh()).ok(OpCode.PUTFH);
        Stateid stateid = results.opened();
        return new OpenFile(Ops.putFh(results.handle()), stateid);
    }

    void close(OpenFile file) throws IOException, XdrException, FailedException {
        session.call(file.putFh(), StateOps.close(0, file.stateid())).ok(OpCode.PUTFH, OpCode.CLOSE);
    }

    /** The size of a file of the directory, or -1 when there is none. */
    long size(String name) throws IOException, XdrException, FailedException {
        Results results = session.call(Ops.putFh(directory), Ops.lookup(name), Ops.getAttr(Attr.SIZE));
        if (results.status() == NOT_THERE) {
            return -1;
        }
        return Attributes.read(results.ok(OpCode.PUTFH, OpCode.LOOKUP).ok(OpCode.GETATTR))
                .readHyper();
    }

    void remove(String name) throws IOException, XdrException, FailedException {
        session.call(Ops.putFh(directory), Ops.remove(name)).ok(OpCode.PUTFH, OpCode.REMOVE);
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
