package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A file that is larger than the server's heap and its journal streams in and out, and the server's memory stays in its bounds. The
 * long form has 4 GiB.
 */
class LargeFileIT {
    private static final int MIB = 1 << 20;
    private static final int MIBS = Boolean.getBoolean("cairn.long") ? 4096 : 640;

    /**
     * What a server with {@code -Xmx512m} may have at most: the heap, as much again of direct memory (the JVM's own bound of it), and
     * 256 MiB for the JVM: compiled code, classes, stacks, and what it keeps on the heap's account.
     */
    private static final long MEMORY = 1280L * MIB;

    @RegisterExtension
    final RealServer server = new RealServer("journal-limit = 256M", "dirty-limit = 128M");

    @Test
    void streamsInAndOut() throws Exception {
        server.start();
        try (WireClient client = new WireClient(server.port(), 1)) {
            Session41 session = client.session();
            OpenFile file = session.create("large");
            for (int i = 0; i < MIBS; i++) {
                write(session, file, (long) i * MIB, block(i));
            }
            session.expect(NfsStatus.OK, Ops.putFh(file.handle()), Ops.commit(0, 0));
            assertThat(server.metric("cairn_journal_bytes")).isLessThanOrEqualTo(256.0 * MIB);
            readBack(session, file);
        }
        System.out.println("at most " + server.peakMemory() / MIB + " MiB of memory while writing");
        assertThat(server.peakMemory()).isLessThan(MEMORY);

        server.stop();
        server.startAgain();
        try (WireClient client = new WireClient(server.port(), 1)) {
            Session41 session = client.session();
            readBack(session, session.create("large"));
        }
        System.out.println("at most " + server.peakMemory() / MIB + " MiB of memory while reading");
        assertThat(server.peakMemory()).isLessThan(MEMORY);
    }

    /** As any client does, tries again when the server asks for patience, which it does when the journal is full. */
    private static void write(Session41 session, OpenFile file, long offset, byte[] bytes) throws Exception {
        Reply reply;
        do {
            reply = session.run(Ops.putFh(file.handle()), Ops.write(file.stateid(), offset, Ops.UNSTABLE, bytes));
        } while (reply.status() == NfsStatus.DELAY);
        assertThat(reply.ok(OpCode.PUTFH, OpCode.WRITE).in().readInt()).isEqualTo(bytes.length);
    }

    private static void readBack(Session41 session, OpenFile file) throws Exception {
        for (int i = 0; i < MIBS; i++) {
            assertThat(session.read(file, (long) i * MIB, MIB)).as("MiB %d", i).isEqualTo(block(i));
        }
        assertThat(session.read(file, (long) MIBS * MIB, MIB)).isEmpty();
    }

    /** Bytes that do not compress, and differ from block to block. */
    private static byte[] block(int number) {
        byte[] bytes = new byte[MIB];
        new Random(number).nextBytes(bytes);
        return bytes;
    }
}
