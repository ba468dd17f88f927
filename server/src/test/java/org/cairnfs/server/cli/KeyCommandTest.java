package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.cli.CommandLineTest.assertFails;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Lease;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn key}, on a bucket in a folder. */
class KeyCommandTest {
    @TempDir
    private Path home;

    private CommandRig cairn;
    private String url;
    private Path first;
    private Path second;

    @BeforeEach
    void make() throws Exception {
        cairn = new CommandRig(home);
        url = "local://" + home.resolve("store");
        first = secret("first");
        second = secret("second");
        BucketOptions options = new BucketOptions(
                "", ChunkSizes.ofAverage(1 << 16), Compression.parse("none"), new Argon2Cost(64, 1, 1));
        Buckets.create(
                        LocalObjectStore.create(home.resolve("store")),
                        options,
                        List.of(Passphrase.of("first".toCharArray())),
                        Clock.systemUTC())
                .close();
    }

    private Path secret(String text) throws Exception {
        Path file = Files.writeString(home.resolve(text), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Result key(String command, Path passphrase, String... more) {
        String[] all = {"key", command, url, "--passphrase-file", passphrase.toString()};
        String[] arguments = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, arguments, all.length, more.length);
        return cairn.run(arguments);
    }

    private static String recoveryKey(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
        return result.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("([0-9A-Z]{4}-){13}[0-9A-Z]{4}"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void passphrasesAreAddedListedAndRemoved() throws Exception {
        Result added = key("add", first, "--new-passphrase-file", second.toString(), "--label", "laptop");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out()).startsWith("Added key slot ").contains("passphrase 'laptop'");

        JsonNode slots = key("list", second, "--json").json();
        assertThat(slots).hasSize(2);
        assertThat(slots.get(0).path("opened").asBoolean()).isFalse();
        assertThat(slots.get(1).path("opened").asBoolean()).isTrue();
        assertThat(key("list", second).out().lines().toList())
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(1)).startsWith("* ").contains("passphrase", "laptop"));

        String id = slots.get(0).path("id").asText().substring(0, 6);
        assertFails(key("remove", second, id), ExitCode.USAGE, "--yes");
        cairn.type("no");
        assertFails(key("remove", second, id), ExitCode.INTERRUPTED, "nothing was done");
        cairn.type("yes");
        Result removed = key("remove", second, id);
        assertThat(removed.out()).contains("revokes nothing");
        cairn.noTerminal();
        assertFails(key("list", first), ExitCode.WRONG_PASSPHRASE, "key slots opens with this");
        assertFails(key("remove", second, id, "--yes"), ExitCode.USAGE, "no key slot begins with");
        String last = slots.get(1).path("id").asText();
        Result refused = key("remove", second, last, "--yes");
        assertThat(refused.err()).contains("the last key slot");
        assertThat(refused.code()).isNotZero();
    }

    @Test
    void aRecoveryKeyStandsInForAPassphrase() throws Exception {
        Path printed = secret(recoveryKey(key("recovery", first, "--label", "drawer")));
        assertThat(key("list", printed).out()).contains("recovery key", "drawer");
    }

    @Test
    void rotationDropsWhatIsNotPresented() throws Exception {
        key("add", first, "--new-passphrase-file", second.toString());
        Path recovery = secret(recoveryKey(key("recovery", first)));
        assertFails(key("rotate", first), ExitCode.USAGE, "2 other key slots", "--yes");

        Result rotated = key("rotate", first, "--yes");
        Path fresh = secret(recoveryKey(rotated));
        assertFails(key("list", second), ExitCode.WRONG_PASSPHRASE, "key slots opens with this");
        assertFails(key("list", recovery), ExitCode.WRONG_PASSPHRASE, "key slots opens with this");
        assertThat(key("list", first).out().lines()).hasSize(2);
        assertThat(key("list", fresh).out().lines()).hasSize(2);

        assertThat(key("rotate", fresh, "--yes", "--keep-passphrase-file", second.toString())
                        .code())
                .isZero();
        assertThat(key("list", second).out().lines()).hasSize(3);
        assertFails(key("list", first), ExitCode.WRONG_PASSPHRASE, "key slots opens with this");
    }

    @Test
    void noKeysAreRotatedUnderARunningServer() throws Exception {
        try (Bucket bucket = Buckets.open(
                LocalObjectStore.open(home.resolve("store")), Optional.of(Passphrase.of("first".toCharArray())))) {
            Lease.take(bucket, new Lease.Holder(UUID.randomUUID(), "elsewhere", 7), false, Clock.systemUTC());
        }
        assertFails(key("rotate", first, "--yes"), ExitCode.BUCKET_IN_USE, "elsewhere", "stop it");
        assertThat(key("list", first).out().lines()).hasSize(1);
    }

    @Test
    void errorsAreTold() throws Exception {
        assertFails(key("list", second), ExitCode.WRONG_PASSPHRASE, "key slots opens with this");
        assertFails(
                cairn.run("key", "list", "local://" + home.resolve("nowhere"), "--passphrase-file", first.toString()),
                ExitCode.STORE_MISSING,
                "nowhere");
        assertThat(cairn.run("key").out()).contains("add", "list", "recovery", "remove", "rotate");
        cairn.type("first", "third", "fourth");
        assertFails(cairn.run("key", "add", url), ExitCode.SECRET_MISSING, "differ");
    }
}
