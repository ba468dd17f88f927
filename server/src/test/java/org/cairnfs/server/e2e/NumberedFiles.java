package org.cairnfs.server.e2e;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.StateOps;

/** Empty files {@code file-N} of a directory in the root, made and removed many to a request. Immutable. */
final class NumberedFiles {
    private static final String PREFIX = "file-";
    private static final int PER_COMPOUND = 20;

    private final byte[] directory;

    private NumberedFiles(byte[] directory) {
        this.directory = directory;
    }

    /** Makes the directory. */
    static NumberedFiles in(Session41 session, String directory) throws Exception {
        session.expect(NfsStatus.OK, Ops.putRootFh(), Ops.mkdir(directory, Fattr.mode(0755)));
        return new NumberedFiles(session.handle(directory));
    }

    /** The directory's handle. */
    byte[] directory() {
        return directory;
    }

    static String name(int number) {
        return PREFIX + number;
    }

    /** The number in a name of such a file. */
    static int number(String name) {
        return Integer.parseInt(name.substring(PREFIX.length()));
    }

    /** What makes a file that must be new, in the current directory; leaves the file the current one. */
    static List<Op> making(String name) {
        return List.of(
                StateOps.open(StateOps.BOTH, 0, "owner", StateOps.guarded(Fattr.mode(0644)), StateOps.claimNull(name)),
                StateOps.close(0, Stateid.CURRENT));
    }

    void create(Session41 session, int from, int to) throws Exception {
        for (int first = from; first < to; first += PER_COMPOUND) {
            List<Op> operations = new ArrayList<>();
            for (int i = first; i < Math.min(to, first + PER_COMPOUND); i++) {
                operations.add(Ops.putFh(directory));
                operations.addAll(making(name(i)));
            }
            session.expect(NfsStatus.OK, operations.toArray(new Op[0]));
        }
    }

    void remove(Session41 session, int from, int to) throws Exception {
        for (int first = from; first < to; first += PER_COMPOUND) {
            List<Op> operations = new ArrayList<>(List.of(Ops.putFh(directory)));
            for (int i = first; i < Math.min(to, first + PER_COMPOUND); i++) {
                operations.add(Ops.remove(name(i)));
            }
            session.expect(NfsStatus.OK, operations.toArray(new Op[0]));
        }
    }
}
