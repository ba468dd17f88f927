package org.cairnfs.server.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportsParserTest {
    private static ExportTable parse(String text) throws ExportsSyntaxException {
        return ExportsParser.parse("exports", text, FixedResolver.NOBODY);
    }

    private static Export only(String text) throws ExportsSyntaxException {
        assertThat(parse(text).exports()).hasSize(1);
        return parse(text).exports().get(0);
    }

    @Test
    void defaultsAreThoseOfExports5() throws Exception {
        Export export = only("/srv 10.0.0.1\n");
        assertThat(export.path()).isEqualTo("/srv");
        assertThat(export.readOnly()).isTrue();
        assertThat(export.sync()).isTrue();
        assertThat(export.squash()).isEqualTo(Squash.ROOT);
        assertThat(export.secure()).isTrue();
        assertThat(export.anonymousUid()).isEqualTo(65_534);
        assertThat(export.anonymousGid()).isEqualTo(65_534);
    }

    @Test
    void everyOptionHasItsOpposite() throws Exception {
        assertThat(only("/ *(rw)").readOnly()).isFalse();
        assertThat(only("/ *(rw,ro)").readOnly()).isTrue();
        assertThat(only("/ *(async)").sync()).isFalse();
        assertThat(only("/ *(async,sync)").sync()).isTrue();
        assertThat(only("/ *(insecure)").secure()).isFalse();
        assertThat(only("/ *(insecure,secure)").secure()).isTrue();
        assertThat(only("/ *(no_root_squash)").squash()).isEqualTo(Squash.NONE);
        assertThat(only("/ *(no_root_squash,root_squash)").squash()).isEqualTo(Squash.ROOT);
        assertThat(only("/ *(all_squash)").squash()).isEqualTo(Squash.ALL);
        assertThat(only("/ *(all_squash,no_all_squash)").squash()).isEqualTo(Squash.ROOT);
        assertThat(only("/ *(anonuid=4294967295,anongid=7)").anonymousUid()).isEqualTo(-1);
        assertThat(only("/ *(anonuid=4294967295,anongid=7)").anonymousGid()).isEqualTo(7);
        assertThat(only("/ *(sec=sys,no_subtree_check,fsid=0,crossmnt)").readOnly())
                .isTrue();
    }

    @Test
    void severalClientsCommentsAndContinuations() throws Exception {
        ExportTable table = parse("""
                # who may mount
                /   10.213.0.0/16(rw,no_root_squash,insecure) \\
                    127.0.0.0/8(rw)     # this machine

                /doc *
                """);
        assertThat(table.exports())
                .extracting(export -> export.path() + " " + export.client())
                .containsExactly("/ 10.213.0.0/16", "/ 127.0.0.0/8", "/doc *");
        assertThat(table.paths()).containsExactly("/", "/doc");
    }

    @Test
    void defaultsOfALine() throws Exception {
        ExportTable table = parse("/a -rw,insecure one two(ro)\n/b three\n");
        assertThat(table.exports()).extracting(Export::readOnly).containsExactly(false, true, true);
        assertThat(table.exports()).extracting(Export::secure).containsExactly(false, false, true);
    }

    @Test
    void pathsWithSpaces() throws Exception {
        assertThat(only("\"/my files/x\" *").path()).isEqualTo("/my files/x");
        assertThat(only("/my\\040files *").path()).isEqualTo("/my files");
        assertThat(only("/caf\\303\\251 *").path()).isEqualTo("/café");
        assertThat(only("/a\\b *").path()).isEqualTo("/a\\b");
        assertThat(only("//a///b/ *").path()).isEqualTo("/a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "10.9.8.7/8, 10.0.0.0/8",
        "10.9.8.7/255.255.0.0, 10.9.0.0/16",
        "10.9.8.7/255.255.255.255, 10.9.8.7",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8::1, 2001:db8::1",
        "2001:db8::1/32, 2001:db8::/32",
        "::ffff:10.0.0.1, 10.0.0.1",
        "HOST.Example.Org, host.example.org",
        "*.example.org, *.example.org",
        "node[0-9]?, node[0-9]?",
        "*, *",
    })
    void clients(String written, String understood) throws Exception {
        assertThat(only("/ " + written + "(rw)").client()).hasToString(understood);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ *(rw,bogus)|1|8|there is no option 'bogus'",
                "/ *(rw,|1|4|want ')'",
                "/ *(rw,)|1|8|an option is missing",
                "/ host (rw)|1|8|space before",
                "/|1|1|no client",
                "rel *|1|1|no path",
                "/a/../b *|1|1|no path",
                "/ @-(rw)|1|3|netgroup",
                "/ *(sec=sys:sys)|1|5|want each security flavor once",
                "/ *(sec=none)|1|5|want each security flavor once",
                "/ *(sec=)|1|5|want each security flavor once",
                "/ *(xprtsec=ssl)|1|5|want each once, of none, tls and mtls",
                "/ *(sec=rot13)|1|5|want each security flavor once",
                "/ *(anonuid=-2)|1|5|anonuid wants a number",
                "/ *(anonuid=4294967296)|1|5|anonuid wants a number",
                "/ *(anonuid)|1|5|wants a value",
                "/ *(rw=1)|1|5|with a value",
                "/ 10.0.0.0/33|1|12|prefix length",
                "/ 10.0.0.0/255.0.255.0|1|12|prefix length",
                "/ ::1/255.0.0.0|1|7|prefix length",
                "/ host/8|1|3|no address",
                "/ 10.1|1|3|no host",
                "/ ho$t|1|3|no host",
                "/ a[b|1|3|no host",
                "/ * *(rw)|1|5|already",
                "\"/a *|1|1|not closed",
                "\"/a\"*|1|5|space after",
                "/a\\000 *|1|1|no character",
                "/a\\303 *|1|1|UTF-8",
                "/ \"host\"|1|3|without quotes",
            })
    void errorsNameTheirPlace(String text, int line, int column, String message) {
        ExportsSyntaxException error = catchThrowableOfType(ExportsSyntaxException.class, () -> parse(text));
        assertThat(error)
                .hasMessageStartingWith("exports:" + line + ":" + column + ":")
                .hasMessageContaining(message);
        assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
    }

    @Test
    void errorsAfterContinuationsNameTheLineOfTheFile() {
        ExportsSyntaxException error = catchThrowableOfType(
                ExportsSyntaxException.class, () -> parse("# one\n/ a(rw) \\\n  b(rw) \\\n\tc(nope)\n"));
        assertThat(error.line()).isEqualTo(4);
        assertThat(error.column()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "\\\n", " \\\r\n \r\n"})
    void nothingIsNoError(String text) throws Exception {
        assertThat(parse(text).exports()).isEmpty();
    }

    @Test
    void carriageReturnsAreWhitespace() throws Exception {
        assertThat(only("/ *(rw)\r\n").readOnly()).isFalse();
    }

    @Test
    void tooManyExportsAreRefused() {
        StringBuilder text = new StringBuilder("/");
        for (int i = 0; i <= 10_000; i++) {
            text.append(" h").append(i);
        }
        assertThatThrownBy(() -> parse(text.toString())).hasMessageContaining("more than 10000");
    }
}
