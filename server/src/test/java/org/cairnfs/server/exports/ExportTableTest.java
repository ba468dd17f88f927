package org.cairnfs.server.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportTableTest {
    private static final FixedResolver DNS = new FixedResolver(
            Map.of("build.example.org", "10.0.0.9", "evil.example.com", "10.6.6.6", "v6.example.org", "2001:db8::9"));

    private static ExportTable table(String text) throws ExportsSyntaxException {
        return ExportsParser.parse("exports", text, DNS);
    }

    private static Optional<Export> match(ExportTable table, String client, int port, String path) {
        return table.match(InetAddresses.forString(client), port, path);
    }

    @Test
    void byDefaultOnlyReservedPortsOfThisMachine() throws Exception {
        ExportTable table = Exports.of(Optional.empty()).get();
        assertThat(match(table, "127.0.0.1", 1023, "/")).hasValueSatisfying(export -> {
            assertThat(export.readOnly()).isFalse();
            assertThat(export.sync()).isTrue();
            assertThat(export.squash()).isEqualTo(Squash.NONE);
        });
        assertThat(match(table, "127.9.9.9", 1, "/deep/er")).isPresent();
        assertThat(match(table, "::1", 700, "/")).isPresent();
        assertThat(match(table, "::ffff:127.0.0.1", 700, "/")).isPresent();
        assertThat(match(table, "127.0.0.1", 1024, "/")).isEmpty();
        assertThat(match(table, "127.0.0.1", 0, "/")).isEmpty();
        assertThat(match(table, "10.0.0.1", 700, "/")).isEmpty();
        assertThat(match(table, "::2", 700, "/")).isEmpty();
    }

    @Test
    void theMostSpecificClientCounts() throws Exception {
        ExportTable table = table("/ *(anonuid=1) *.example.org(anonuid=2) 10.0.0.0/8(anonuid=3) 10.0.0.0/24(anonuid=4)"
                + " build.example.org(anonuid=5) 10.0.0.7(anonuid=6) 2001:db8::/32(anonuid=7)");
        assertThat(match(table, "192.0.2.1", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(1);
        assertThat(match(table, "10.1.1.1", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(3);
        assertThat(match(table, "10.0.0.1", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(4);
        assertThat(match(table, "10.0.0.9", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(5);
        assertThat(match(table, "10.0.0.7", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(6);
        assertThat(match(table, "2001:db8::9", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(7);
        assertThat(match(table, "2001:db9::9", 1, "/").orElseThrow().anonymousUid())
                .isEqualTo(1);
    }

    @Test
    void namePatternsLookAtTheNameThatLeadsBack() throws Exception {
        ExportTable table = table("/ *.example.org");
        assertThat(match(table, "10.0.0.9", 1, "/")).isPresent();
        assertThat(match(table, "2001:db8::9", 1, "/")).isPresent();
        assertThat(match(table, "10.6.6.6", 1, "/")).isEmpty();
        assertThat(match(table, "10.0.0.1", 1, "/")).isEmpty();
    }

    @Test
    void theLongestPathCountsBeforeTheClient() throws Exception {
        ExportTable table = table("/ 10.0.0.1(rw)\n/pub *(ro)\n/pub/in 10.0.0.0/8(rw)\n");
        assertThat(match(table, "10.0.0.1", 1, "/pub/x").orElseThrow().path()).isEqualTo("/pub");
        assertThat(match(table, "10.0.0.1", 1, "/public").orElseThrow().path()).isEqualTo("/");
        assertThat(match(table, "10.0.0.1", 1, "/pub/in/").orElseThrow().path()).isEqualTo("/pub/in");
        assertThat(match(table, "192.0.2.1", 1, "/pub/in").orElseThrow().path()).isEqualTo("/pub");
        assertThat(match(table, "192.0.2.1", 1, "/")).isEmpty();
        assertThat(match(table, "10.0.0.1", 1, "/pub/../x")).isEmpty();
        assertThat(match(table, "10.0.0.1", 1, "pub")).isEmpty();
    }

    @Test
    void aStricterLineShutsOutWhatAMoreGeneralOneLetsIn() throws Exception {
        ExportTable table = table("/ *(insecure) 10.0.0.0/8(secure)");
        assertThat(match(table, "192.0.2.1", 40_000, "/")).isPresent();
        assertThat(match(table, "10.0.0.1", 40_000, "/")).isEmpty();
    }
}
