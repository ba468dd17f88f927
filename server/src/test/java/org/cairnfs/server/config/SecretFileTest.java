package org.cairnfs.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    private Path home;

    private static Passphrase read(String content) throws Exception {
        return SecretFile.read(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), "test");
    }

    private static String text(Passphrase secret) {
        return new String(secret.copyBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void oneLineItsEndNotCounted() throws Exception {
        assertThat(text(read("geheim"))).isEqualTo("geheim");
        assertThat(text(read("geheim\n"))).isEqualTo("geheim");
        assertThat(text(read("geheim\r\n"))).isEqualTo("geheim");
        assertThat(text(read("  ä ö \n"))).isEqualTo("  ä ö ");
        assertThat(text(read("x".repeat(Passphrase.MAX_BYTES) + "\r\n"))).hasSize(Passphrase.MAX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "one\ntwo\n", "one\n\n"})
    void anythingElseIsRefused(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("test gives");
    }

    @Test
    void tooMuchIsRefused() {
        assertThatThrownBy(() -> read("x".repeat(Passphrase.MAX_BYTES + 1))).hasMessageContaining("at most 4096");
        assertThatThrownBy(() -> read("x".repeat(1 << 20))).hasMessageContaining("at most 4096");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
    void filesOpenToOthersAreRefused(String permissions) throws Exception {
        Path file = Files.writeString(home.resolve("key"), "geheim\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        CairnException refused = catchThrowableOfType(CairnException.class, () -> SecretFile.read(file));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.SECRET_FILE);
        assertThat(refused.advice()).isEqualTo("run: chmod 600 '" + file + "'");
        assertThat(refused.toLine()).doesNotContain("geheim");
    }

    @Test
    void randomKeysArePrivateAndDifferent() throws Exception {
        Path one = home.resolve("keys/one");
        Path two = home.resolve("keys/two");
        try (Passphrase first = SecretFile.createRandom(one);
                Passphrase second = SecretFile.createRandom(two)) {
            assertThat(first.copyBytes()).hasSize(43).isNotEqualTo(second.copyBytes());
            assertThat(SecretFile.read(one).copyBytes()).isEqualTo(first.copyBytes());
        }
        assertThat(Files.getPosixFilePermissions(one)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(home.resolve("keys")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        byte[] before = Files.readAllBytes(one);
        assertThatThrownBy(() -> SecretFile.createRandom(one)).isInstanceOf(CairnException.class);
        assertThat(Files.readAllBytes(one)).isEqualTo(before);
    }

    @Test
    void secretsAreWipedAndNeverPrinted() {
        Passphrase secret = Passphrase.of("gehäim\uD83D\uDE00".toCharArray());
        assertThat(text(secret)).isEqualTo("gehäim\uD83D\uDE00");
        assertThat(secret).hasToString("Passphrase");
        secret.close();
        assertThat(secret.copyBytes()).containsOnly(0);
    }
}
