package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a copied tree leaves in the bucket: nothing that can be read, and nothing twice. */
class BucketIT {
    private static final int MOST = Boolean.getBoolean("cairn.long") ? SourceTree.WHOLE : 800;

    /** In every tree, in several places. */
    private static final List<String> TELLING = List.of(
            "telling-name", "telling sentence", "../telling-target", "include", "copyright", "#define", "#include");

    private static final String TELL = """
            mkdir -p "$1/telling-name-directory"
            seq -f 'a telling sentence %g' 10000 >"$1/telling-name-file"
            echo 'a telling sentence' >"$1/telling-name-short"
            ln -s ../telling-target "$1/telling-name-link"
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @Test
    void objectsTellNothingAndNoTwoAreEqual() throws Exception {
        SourceTree.make(server.share(), 200, 200);
        Set<HashCode> first = copyInto("store", "state");
        server.makeFileSystem("other-store");
        Set<HashCode> second = copyInto("other-store", "other-state");
        assertThat(Sets.intersection(first, second)).isEmpty();
    }

    private Set<HashCode> copyInto(String store, String state) throws Exception {
        server.start(store, state);
        Guest.run(server, SourceTree.COPY + "tell() {\n" + TELL + "}\ncopy copy; tell .; sync");
        server.terminate();
        Set<HashCode> objects = new HashSet<>();
        for (Path file : server.objects(store).values()) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(TELLING.stream().filter(text::contains))
                    .as(file.toString())
                    .isEmpty();
            objects.add(MoreFiles.asByteSource(file).hash(Hashing.sha256()));
        }
        assertThat(objects).hasSameSizeAs(server.objects(store).keySet());
        return objects;
    }

    @Test
    void whatIsThereIsNotStoredAgain() throws Exception {
        SourceTree.make(server.share(), MOST, MOST);
        server.start();
        try (Guest guest = Guest.start(server, SourceTree.COPY + """
                step empty
                copy one
                step one
                copy two
                step two
                head -c 100M /dev/urandom >large
                step large
                (printf x; cat large) >inserted
                step inserted
                """)) {
            long empty = bytesAt(guest, "empty");
            long one = bytesAt(guest, "one");
            long two = bytesAt(guest, "two");
            long large = bytesAt(guest, "large");
            long inserted = bytesAt(guest, "inserted");
            guest.succeeds();
            System.out.printf(
                    "bucket: %d bytes, tree %d, again %d, 100 MiB %d, with a byte inserted %d%n",
                    empty, one - empty, two - one, large - two, inserted - large);
            assertThat(two - one).isLessThan((one - empty) / 100);
            assertThat(inserted - large).isLessThan((100 << 20) * 3L / 100);
        }
    }

    /** The bytes of the bucket when all is in it that was written before a step. */
    private long bytesAt(Guest guest, String step) throws Exception {
        guest.awaitStep(step);
        server.flush();
        long bytes = server.bucketBytes();
        guest.go(step);
        return bytes;
    }
}
