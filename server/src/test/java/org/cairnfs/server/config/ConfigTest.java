package org.cairnfs.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
    private static ServerConfig parse(String... lines) throws CairnException {
        return ServerConfig.of(ConfigFile.parse("conf", List.of(lines)));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        ServerConfig config = parse(
                "# comment",
                "metrics-port = none",
                " stop-timeout=2h ",
                "memory-cache = 1G",
                "disk-cache = 20GiB",
                "dirty-limit = 100MB",
                "journal-limit = 1073741824",
                "portmap-port = 111",
                "rpcbind = register",
                "manage-gids = on",
                "durability = remote",
                "barrier-interval = 3s",
                "upload-limit = 10M",
                "download-limit = none",
                "compression = lzma-9",
                "gc-interval = 2h",
                "gc-limit = 1G",
                "restore-window = 3d",
                "restore-hourly = 1",
                "restore-daily = 2",
                "restore-weekly = 3",
                "restore-monthly = 0",
                "unlock = allowed",
                "nfs-lease = 30s",
                "keytab = /etc/cairn/keytab",
                "kerberos-principal = nfs/host@REALM",
                "tls-certificate = /etc/cairn/cert.pem",
                "tls-key = /etc/cairn/key.pem",
                "tls-client-ca = /etc/cairn/clients.pem",
                "max-connections = 1",
                "max-connections-per-address = 2",
                "max-clients = 3",
                "max-sessions-per-client = 4",
                "max-slots-per-session = 5",
                "max-opens-per-client = 6",
                "max-opens = 7",
                "max-locks-per-client = 8",
                "max-locks = 9",
                "request-memory = 10M",
                "request-memory-per-address = 5M",
                "reply-memory = auto",
                "reply-memory-per-address = 6M",
                "delegations = off",
                "delegations-per-client = 5",
                "delegations-total = 7",
                "snapshots-hourly = 24",
                "snapshots-yearly = 3",
                "scrub-every = 30d",
                "scrub-rate = 1M",
                "trash-keep = 30d",
                "log-level = debug",
                "credentials-file = /etc/cairn/credentials",
                "credentials-command = pass show cairn");
        assertThat(config)
                .isEqualTo(new ServerConfig(
                        new ServerConfig.MetricsPort(-1, true),
                        Duration.ofHours(2),
                        new ServerConfig.Bounds(1L << 30, 20L << 30, 100L << 20, 1L << 30),
                        new ServerConfig.Shipping(
                                Durability.REMOTE,
                                Duration.ofSeconds(3),
                                10L << 20,
                                0,
                                Optional.of(Compression.parse("lzma-9"))),
                        new ServerConfig.Garbage(Duration.ofHours(2), 1L << 30, Duration.ofDays(3), 1, 2, 3, 0),
                        new ServerConfig.Scrubbing(Duration.ofDays(30), 1 << 20),
                        Unlocking.ALLOWED,
                        Duration.ofDays(30),
                        new ServerConfig.SnapshotsKept(24, 0, 0, 0, 3),
                        new ServerConfig.Nfs(
                                111,
                                Rpcbind.REGISTER,
                                ManageGids.ON,
                                Duration.ofSeconds(30),
                                new NetworkSecurity(
                                        Optional.of(Path.of("/etc/cairn/keytab")),
                                        Optional.of("nfs/host@REALM"),
                                        Optional.of(new NetworkSecurity.Tls(
                                                Path.of("/etc/cairn/cert.pem"),
                                                Path.of("/etc/cairn/key.pem"),
                                                Optional.of(Path.of("/etc/cairn/clients.pem"))))),
                                new ClientLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10L << 20, 5L << 20, 0, 6L << 20),
                                new ServerConfig.Delegations(ServerConfig.DelegationKind.OFF, 5, 7)),
                        "DEBUG",
                        new ServerConfig.Login(
                                Optional.of(Path.of("/etc/cairn/credentials")), Optional.of("pass show cairn"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrics-port = 65536|conf:1: metrics-port cannot be '65536'",
                "metrics-port = -1|conf:1: metrics-port cannot be",
                "stop-timeout = 8d|want a time from 0.0 s to 7 d",
                "stop-timeout = soon|want a time",
                "upload-limit = 0|want bytes per second",
                "compression = zip|want zstd-LEVEL",
                "compression = zstd-23|want zstd-LEVEL",
                "nfs-lease = 9s|want a time from 10 s to 1 h",
                "delegations = write|want read or off",
                "delegations-total = 1000001|want a number from 0 to 1000000",
                "restore-daily = 1001|want a number from 0 to 1000",
                "restore-daily = -1|restore-daily cannot be '-1'",
                "max-clients = 0|want a number from 1 to",
                "max-slots-per-session = 1025|want a number from 1 to 1024",
                "request-memory = 1M|want a size from 4.0 MiB",
                "rpcbind = on|want off or register",
                "manage-gids = yes|want off or on",
                "unlock = expired|want never or allowed",
                "log-level = loud|want error or warn or info or debug or trace",
                "disk-cache = 1|want a size from",
                "disk-cache = 9E|want a size from",
                "credentials-file =|credentials-file cannot be ''",
                "disk-cash = 1G|there is no key 'disk-cash'",
                "disk-cache 1G|want 'key = value'",
                "= 1G|want 'key = value'",
            })
    void errorsNameLineAndRemedy(String line, String message) {
        CairnException error = catchThrowableOfType(CairnException.class, () -> parse(line));
        assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(error.toLine()).startsWith("conf:1:").contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "kerberos-principal = nfs/host@REALM, kerberos-principal is of no use without keytab",
        "tls-certificate = /cert.pem, tls-certificate is of no use without tls-key",
        "tls-key = /key.pem, tls-key is of no use without tls-certificate",
        "tls-client-ca = /ca.pem, tls-client-ca is of no use without tls-certificate",
    })
    void halvesOfASettingAreRefused(String line, String message) {
        assertThatThrownBy(() -> parse(line)).hasMessageContaining(message);
    }

    @Test
    void aKeyTwiceIsRefused() {
        assertThatThrownBy(() -> parse("log-level = info", "", "log-level = warn"))
                .hasMessageContaining("conf:3:")
                .hasMessageContaining("line 1");
    }

    /** The example is valid, and with its comments taken as settings it says the defaults: so they are documented. */
    @Test
    void theExampleConfigurationShowsEveryKeyWithItsDefault() throws Exception {
        Path example = NfsClient.repository().resolve("config/cairn.conf");
        assertThat(ServerConfig.of(ConfigFile.read(example))).isEqualTo(ServerConfig.defaults());
        List<String> settings = Files.readAllLines(example).stream()
                .filter(line -> line.matches("#[a-z-]+ = .*"))
                .map(line -> line.substring(1))
                .toList();
        ServerConfig shown = ServerConfig.of(ConfigFile.parse("example", settings));
        assertThat(shown.withMetricsPort(0)).isEqualTo(ServerConfig.defaults().withMetricsPort(0));
        assertThat(shown.metrics().number()).isEqualTo(ServerConfig.DEFAULT_METRICS_PORT);
        // That a port was chosen is no key of its own; the files for TLS count as one, for they may be missing.
        assertThat(settings).hasSize(values(ServerConfig.class) - 1 + values(NetworkSecurity.Tls.class) - 1);
    }

    /** How many values there are in a record and the records in it. */
    private static int values(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .mapToInt(component -> values(component.getType()))
                        .sum()
                : 1;
    }

    @Test
    void theExampleExportsAreValid() throws Exception {
        Path example = NfsClient.repository().resolve("config/exports");
        assertThat(Exports.of(Optional.of(example)).get().exports()).isNotEmpty();
    }

    @Test
    void directoriesFollowXdg() {
        assertThat(Directories.of(Map.of("HOME", "/h"), "/other").runs())
                .isEqualTo(Path.of("/h/.local/state/cairn/run"));
        assertThat(Directories.of(Map.of(), "/other").config()).isEqualTo(Path.of("/other/.config/cairn"));
        Directories xdg = Directories.of(
                Map.of("HOME", "/h", "XDG_STATE_HOME", "/s", "XDG_DATA_HOME", "relative", "XDG_CONFIG_HOME", "/c"),
                "/");
        assertThat(xdg.state()).isEqualTo(Path.of("/s/cairn"));
        assertThat(xdg.data()).isEqualTo(Path.of("/h/.local/share/cairn"));
        StorageUrl storage = xdg.defaultStorage();
        assertThat(xdg.keyFileOf(storage).startsWith("/c/cairn/keys")).isTrue();
        assertThat(xdg.keyFileOf(storage).startsWith(xdg.stateOf(storage))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "1K, 1024",
        "1k, 1024",
        "2KiB, 2048",
        "2KB, 2048",
        "3M, 3145728",
        "1B, 1",
        "1 G, 1073741824",
        "7E, 8070450532247928832",
    })
    void sizes(String text, long bytes) {
        assertThat(Sizes.parseBytes(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "K", "-1", "1.5G", "1Q", "1KK", "8E", "9999999999999999999", "1iB1"})
    void noSizes(String text) {
        assertThat(Sizes.parseBytes(text)).isEmpty();
    }

    @Test
    void times() {
        assertThat(Sizes.parseMillis("30")).hasValue(30_000);
        assertThat(Sizes.parseMillis("5m")).hasValue(300_000);
        assertThat(Sizes.parseMillis("250ms")).hasValue(250);
        assertThat(Sizes.parseMillis("1y")).isEqualTo(OptionalLong.empty());
        assertThat(Sizes.formatMillis(400)).isEqualTo("0.4 s");
        assertThat(Sizes.formatMillis(61_000)).isEqualTo("61 s");
        assertThat(Sizes.formatMillis(3_720_000)).isEqualTo("1 h 2 min");
        assertThat(Sizes.formatBytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Sizes.formatBytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @Property
    void wholeUnitsArePrintedAndReadBack(@ForAll @LongRange(min = 1, max = 99) long number) {
        for (String unit : List.of("KiB", "MiB", "GiB", "TiB", "PiB")) {
            long bytes = Sizes.parseBytes(number + unit).orElseThrow();
            assertThat(Sizes.formatBytes(bytes)).isEqualTo(number + ".0 " + unit);
        }
    }
}
