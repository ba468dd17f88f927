package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v3.testing.Reply3.Listed;
import org.cairnfs.server.nfs.v3.testing.Reply3.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** READDIR and READDIRPLUS. */
class ListingProceduresTest extends ProcedureRig {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void listingsHaveEveryNameOnceWhateverFits(boolean plus) throws Exception {
        byte[] directory = root.mkDir("d");
        List<String> expected = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < 300; i++) {
            String name = "n".repeat(1 + i % 40) + i;
            root.call(Calls.create(directory, name, true, Sattr.mode(0600))).ok();
            expected.add(name);
        }
        for (int count : new int[] {plus ? 330 : 200, 1024, 4096, 1 << 20}) {
            List<Listed> listed = list(directory, count, plus);
            assertThat(listed).extracting(Listed::name).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(listed.get(0).fileId())
                    .isEqualTo(root.attributes(directory).fileId());
            assertThat(listed.get(1).fileId())
                    .isEqualTo(root.attributes(root.root()).fileId());
            Listed last = listed.get(listed.size() - 1);
            byte[] handle = root.call(Calls.lookup(directory, last.name())).ok().handle();
            assertThat(last.fileId()).isEqualTo(root.attributes(handle).fileId());
            if (plus) {
                assertThat(last.handle()).isEqualTo(handle);
                assertThat(last.attributes()).contains(root.attributes(handle));
            }
        }
    }

    private List<Listed> list(byte[] directory, int count, boolean plus) throws Exception {
        List<Listed> all = new ArrayList<>();
        Page page;
        do {
            long cookie = all.isEmpty() ? 0 : all.get(all.size() - 1).cookie();
            Reply3 reply = root.call(
                            plus
                                    ? Calls.readDirPlus(directory, cookie, 0, count, count)
                                    : Calls.readDir(directory, cookie, 0, count))
                    .ok();
            int bytes = reply.in().remaining();
            reply.postOp();
            page = reply.page(plus);
            reply.end();
            assertThat(bytes).as("the whole result").isLessThanOrEqualTo(count);
            assertThat(page.entries().isEmpty() && !page.end()).isFalse();
            assertThat(page.verifier()).isZero();
            all.addAll(page.entries());
        } while (!page.end());
        return all;
    }

    @Test
    void listingsGoOnWhileNamesComeAndGo() throws Exception {
        byte[] directory = root.mkDir("d");
        IntStream.range(0, 50).forEach(i -> make(directory, "stays" + i));
        List<String> seen = new ArrayList<>();
        long cookie = 0;
        Page page;
        int round = 0;
        do {
            Reply3 reply = root.call(Calls.readDir(directory, cookie, 0, 250)).ok();
            reply.postOp();
            page = reply.page(false);
            page.entries().forEach(entry -> seen.add(entry.name()));
            cookie = page.entries().get(page.entries().size() - 1).cookie();
            make(directory, "comes" + round);
            root.expect(Nfs3Status.OK, Calls.remove(directory, "comes" + round));
            round++;
        } while (!page.end());
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(name -> name.startsWith("stays"))).hasSize(50);
    }

    @Test
    void listingsThatCannotBeAreRefused() throws Exception {
        root.create("f");
        root.expect(Nfs3Status.TOOSMALL, Calls.readDir(root.root(), 0, 0, 20));
        root.expect(Nfs3Status.TOOSMALL, Calls.readDirPlus(root.root(), 2, 0, 200, 200));
        root.expect(Nfs3Status.BAD_COOKIE, Calls.readDir(root.root(), 5, 1, 4096));
        root.expect(Nfs3Status.NOTDIR, Calls.readDir(find("f"), 0, 0, 4096));
        Reply3 hinted = root.call(Calls.readDirPlus(root.root(), 0, 0, 1, 8192)).ok();
        hinted.postOp();
        assertThat(hinted.page(true).entries()).as("at least one").hasSize(1);
    }
}
