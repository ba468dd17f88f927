package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server of the reference model, and a client of version 3 with the rights of root, over TCP. */
abstract class ProcedureRig {
    static final int REGULAR = 1;
    static final int DIRECTORY = 2;
    static final int CHARACTER = 4;
    static final int SYMLINK = 5;
    static final int SOCKET = 6;
    static final int FIFO = 7;

    Nfs3Fixture server;
    Nfs3Client root;

    @BeforeEach
    void start() throws Exception {
        server = new Nfs3Fixture();
        root = server.root();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    void make(byte[] directory, String name) {
        try {
            root.call(Calls.create(directory, name, true, Sattr.mode(0600))).ok();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    byte[] find(String name) throws Exception {
        return root.call(Calls.lookup(root.root(), name)).ok().handle();
    }
}
