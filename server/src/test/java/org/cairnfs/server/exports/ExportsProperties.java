package org.cairnfs.server.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.Credentials;

class ExportsProperties {
    /** Whatever is in the file, the parser gives a table or says where the error is; nothing else. */
    @Property
    void anyTextIsParsedOrRefusedWithAPlace(@ForAll("nearlyExports") String text) {
        try {
            for (Export export :
                    ExportsParser.parse("x", text, FixedResolver.NOBODY).exports()) {
                assertThat(export.path()).startsWith("/");
            }
        } catch (ExportsSyntaxException e) {
            long lines = text.chars().filter(c -> c == '\n').count() + 1;
            assertThat(e.line()).isBetween(1, (int) lines);
            assertThat(e.column()).isGreaterThanOrEqualTo(1);
        }
    }

    /** What an export prints as is parsed to the same export. */
    @Property
    void printingAndParsingAreInverse(@ForAll("exports") Export export) throws Exception {
        assertThat(ExportsParser.parse("x", export.toString(), FixedResolver.NOBODY)
                        .exports())
                .containsExactly(export);
    }

    /** Nobody comes out as root or in group 0 of an export that squashes root. */
    @Property
    void rootIsSquashed(
            @ForAll @IntRange(min = 0, max = 2) int uid,
            @ForAll @IntRange(min = 0, max = 2) int gid,
            @ForAll @Size(max = 16) int[] groups) {
        Export export = new Export(
                "/",
                new ClientPattern.Anyone(),
                false,
                true,
                Squash.ROOT,
                65_534,
                65_533,
                true,
                ExportSecurity.DEFAULT);
        Credentials squashed = export.squash(uid, gid, ImmutableIntArray.copyOf(groups));
        assertThat(squashed.uid()).isEqualTo(uid == 0 ? 65_534 : uid);
        assertThat(squashed.gid()).isEqualTo(gid == 0 ? 65_533 : gid);
        assertThat(squashed.isInGroup(0)).isFalse();
        assertThat(squashed.groups().length()).isEqualTo(groups.length);
    }

    @Property
    void everybodyIsSquashedOrNobody(@ForAll int uid, @ForAll int gid, @ForAll @Size(max = 16) int[] groups) {
        ImmutableIntArray wire = ImmutableIntArray.copyOf(groups);
        Export all = new Export(
                "/", new ClientPattern.Anyone(), false, true, Squash.ALL, 7, 8, true, ExportSecurity.DEFAULT);
        assertThat(all.squash(uid, gid, wire)).isEqualTo(Credentials.of(7, 8)).isEqualTo(all.anonymous());
        Export none = new Export(
                "/", new ClientPattern.Anyone(), false, true, Squash.NONE, 7, 8, true, ExportSecurity.DEFAULT);
        assertThat(none.squash(uid, gid, wire)).isEqualTo(new Credentials(uid, gid, wire));
    }

    /** A network holds exactly the addresses that share its leading bits, told apart bit by bit. */
    @Property
    void networksByTheirBits(
            @ForAll @Size(16) byte[] network,
            @ForAll @IntRange(min = 0, max = 127) int flipped,
            @ForAll @IntRange(min = 0, max = 128) int prefixLength,
            @ForAll boolean v4)
            throws UnknownHostException {
        int bits = v4 ? 32 : 128;
        byte[] address = java.util.Arrays.copyOf(network, bits / 8);
        address[0] |= 0x20; // not in ::/8, where Java takes some addresses for IPv4
        int bit = flipped % bits;
        int prefix = Math.min(prefixLength, bits);
        ClientPattern pattern = new ClientPattern.Network(InetAddress.getByAddress(address), prefix);
        assertThat(pattern.matches(InetAddress.getByAddress(address), FixedResolver.NOBODY))
                .isTrue();
        address[bit / 8] ^= (byte) (0x80 >> bit % 8);
        assertThat(pattern.matches(InetAddress.getByAddress(address), FixedResolver.NOBODY))
                .isEqualTo(bit >= prefix);
    }

    /** Name patterns mean what the equivalent regular expression means. */
    @Property(tries = 3000)
    void globsAgreeWithRegularExpressions(@ForAll("globs") String glob, @ForAll("names") String name) {
        String regex =
                glob.replace(".", "\\.").replace("*", ".*").replace("?", ".").replace("[!", "[^");
        assertThat(Glob.isValid(glob)).isTrue();
        assertThat(Glob.matches(glob, name)).isEqualTo(Pattern.matches(regex, name));
    }

    /** The table's choice is the best of those that match one by one. */
    @Property
    void theChoiceIsMaximal(@ForAll @IntRange(min = 0, max = 255) int last, @ForAll("smallTables") String text)
            throws Exception {
        ExportTable table = ExportsParser.parse("x", text, FixedResolver.NOBODY);
        InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        Optional<Export> chosen = table.match(client, 1, "/a/b");
        for (Export export : table.exports()) {
            if (export.covers("/a/b") && export.client().matches(client, FixedResolver.NOBODY)) {
                assertThat(chosen).isPresent();
                assertThat(chosen.get().path().length())
                        .isGreaterThanOrEqualTo(export.path().length());
                if (chosen.get().path().equals(export.path())) {
                    assertThat(chosen.get().client().specificity())
                            .isGreaterThanOrEqualTo(export.client().specificity());
                }
            }
        }
    }

    @Provide
    Arbitrary<String> smallTables() {
        Arbitrary<String> path = Arbitraries.of("/", "/a", "/a/b", "/ab", "/a/b/c");
        Arbitrary<String> client = Arbitraries.integers()
                .between(24, 32)
                .flatMap(prefix -> Arbitraries.integers().between(0, 255).map(host -> "10.0.0." + host + "/" + prefix));
        return Combinators.combine(path, client)
                .as((p, c) -> p + " " + c + "\n")
                .list()
                .ofMaxSize(12)
                .map(lines -> String.join("", lines))
                .filter(ExportsProperties::isValid);
    }

    private static boolean isValid(String text) {
        try {
            ExportsParser.parse("x", text, FixedResolver.NOBODY);
            return true;
        } catch (ExportsSyntaxException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<String> nearlyExports() {
        return Arbitraries.of(
                        "/",
                        "/a",
                        " ",
                        "\t",
                        "\n",
                        "\\",
                        "\\\n",
                        "\"",
                        "#",
                        "*",
                        "10.0.0.0",
                        "/8",
                        "(",
                        ")",
                        ",",
                        "rw",
                        "-",
                        "=",
                        "anonuid",
                        "0",
                        "\\040",
                        "\\777",
                        "[",
                        "]",
                        "@",
                        "::1",
                        "é",
                        "\uD83D\uDE00",
                        "\uD800")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab.-").ofMaxLength(10);
    }

    @Provide
    Arbitrary<String> globs() {
        return Arbitraries.of("a", "b", ".", "*", "?", "[ab]", "[a-b]", "[!a]")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Export> exports() {
        Arbitrary<String> path = Arbitraries.strings()
                .withChars("ab \"#\\7é\t\u007f\n")
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMaxSize(3)
                .map(names -> "/" + String.join("/", names));
        Arbitrary<ClientPattern> client = Arbitraries.of(
                new ClientPattern.Anyone(),
                new ClientPattern.Host("a-b.example.org"),
                new ClientPattern.HostGlob("*.example.org"),
                new ClientPattern.Network(InetAddress.getLoopbackAddress(), 8),
                new ClientPattern.Network(InetAddress.getLoopbackAddress(), 32));
        Arbitrary<Export> export = Combinators.combine(
                        path,
                        client,
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Squash.values()),
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false))
                .as((where, who, readOnly, sync, squash, uid, gid, secure) ->
                        new Export(where, who, readOnly, sync, squash, uid, gid, secure, ExportSecurity.DEFAULT));
        return Combinators.combine(export, security())
                .as((plain, security) -> new Export(
                        plain.path(),
                        plain.client(),
                        plain.readOnly(),
                        plain.sync(),
                        plain.squash(),
                        plain.anonymousUid(),
                        plain.anonymousGid(),
                        plain.secure(),
                        security));
    }

    private static Arbitrary<ExportSecurity> security() {
        return Combinators.combine(some(SecurityFlavor.values()), some(TransportPolicy.values()))
                .as(ExportSecurity::new);
    }

    private static <T> Arbitrary<ImmutableSet<T>> some(T[] values) {
        return Arbitraries.of(values).list().uniqueElements().ofMinSize(1).map(ImmutableSet::copyOf);
    }
}
