package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A directory of 100,000 files over NFS: what one of them costs does not depend on how many there are. */
class LargeDirectoryIT {
    private static final int FILES = 100_000;
    private static final int BLOCK = 10_000;
    private static final int KERNEL_FILES = Boolean.getBoolean("cairn.long") ? FILES : 3_000;

    /** The first blocks, until the server's hot code is compiled. */
    private static final int WARM_UP = 2;

    /** Blocks at either end. */
    private static final int COMPARED = 3;

    @RegisterExtension
    final RealServer server = new RealServer();

    private NumberedFiles files;

    /** What the server spent on a block of files. */
    private record Cost(double journalBytes, double cpuNanos, double allocatedBytes) {
        Cost minus(Cost before) {
            return new Cost(
                    journalBytes - before.journalBytes,
                    cpuNanos - before.cpuNanos,
                    allocatedBytes - before.allocatedBytes);
        }

        @Override
        public String toString() {
            return String.format(
                    "%.0f bytes of journal, %.0f us, %.0f bytes of heap",
                    journalBytes / BLOCK, cpuNanos / BLOCK / 1000, allocatedBytes / BLOCK);
        }
    }

    private Cost spent() throws Exception {
        return new Cost(
                server.metric("cairn_journal_bytes"),
                server.metric("process_cpu_time_ns_total"),
                server.metric("jvm_gc_memory_allocated_bytes_total"));
    }

    /**
     * Runs work on all files, block by block, and compares what the last blocks cost with what the first did: their medians, as what the
     * server does every few seconds for all blocks (a barrier in the bucket) meets one or two of them.
     */
    private void costsTheSame(String what, WireClient client, WireClient.Work work) throws Exception {
        List<Cost> costs = new ArrayList<>();
        Cost before = spent();
        for (int from = 0; from < FILES; from += BLOCK) {
            client.share(from, from + BLOCK, work);
            Cost after = spent();
            costs.add(after.minus(before));
            System.out.println(what + " " + from + ": each " + costs.get(costs.size() - 1));
            before = after;
        }
        List<Cost> first = costs.subList(WARM_UP, WARM_UP + COMPARED);
        List<Cost> last = costs.subList(costs.size() - COMPARED, costs.size());
        // A cost that grew with the directory would be three times the first.
        double journal = median(first, Cost::journalBytes);
        assertThat(median(last, Cost::journalBytes)).isBetween(0.9 * journal, 1.1 * journal);
        assertThat(median(last, Cost::cpuNanos)).as("CPU time").isLessThan(2 * median(first, Cost::cpuNanos));
        assertThat(median(last, Cost::allocatedBytes)).as("heap").isLessThan(2 * median(first, Cost::allocatedBytes));
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> part) {
        return costs.stream().mapToDouble(part).sorted().toArray()[costs.size() / 2];
    }

    @Test
    void eachFileCostsTheSame() throws Exception {
        server.start();
        try (WireClient client = new WireClient(server.port(), 4)) {
            files = NumberedFiles.in(client.session(), "large");
            costsTheSame("create", client, files::create);
            list(client.session(), FILES);
            costsTheSame("remove", client, files::remove);
            list(client.session(), 0);
            client.session().expect(NfsStatus.OK, Ops.putRootFh(), Ops.remove("large"));
        }
    }

    private void list(Session41 session, int expected) throws Exception {
        BitSet seen = new BitSet(FILES);
        long cookie = 0;
        boolean end = false;
        while (!end) {
            Reply reply = session.run(
                            Ops.putFh(files.directory()),
                            Ops.readDir(cookie, 0, 8192, 262_144, Attr.TYPE, Attr.FILEID, Attr.SIZE))
                    .ok(OpCode.PUTFH, OpCode.READDIR);
            XdrReader in = reply.in();
            assertThat(in.readHyper()).isZero();
            while (in.readBoolean()) {
                cookie = in.readHyper();
                int number = NumberedFiles.number(in.readUtf8(255));
                assertThat(seen.get(number)).as("file %d seen before", number).isFalse();
                seen.set(number);
                Bitmap4.decode(in);
                in.skipOpaque(4096);
            }
            end = in.readBoolean();
        }
        assertThat(seen.cardinality()).isEqualTo(expected);
    }

    @Test
    void aRealClientListsAndRemovesThem() throws Exception {
        NfsClient.require();
        server.start();
        try (WireClient client = new WireClient(server.port(), 4)) {
            client.share(0, KERNEL_FILES, NumberedFiles.in(client.session(), "large")::create);
        }
        Guest.run(server, "files=" + KERNEL_FILES + "\n" + """
                [ $(find large | wc -l) = $((files + 1)) ]
                [ $(ls large | sort -u | wc -l) = $files ]
                : >large/one-more
                [ $(ls large | wc -l) = $((files + 1)) ]
                rm -r large
                [ -z "$(ls -A)" ]
                """);
    }
}
