package org.cairnfs.server.nfs.v4.attr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostOwnersTest {
    @TempDir
    Path directory;

    private Path passwd;
    private Owners owners;

    @BeforeEach
    void writeFiles() throws Exception {
        passwd = directory.resolve("passwd");
        Path group = directory.resolve("group");
        Files.writeString(passwd, """
                root:x:0:0:root:/root:/bin/sh
                # a comment
                ännchen:x:1001:100::/:
                broken:x:many:1::/:
                last:x:4294967294:1::/:
                """);
        Files.writeString(group, "wheel:x:10:root\nusers:x:100:\n");
        owners = new HostOwners(passwd, group);
    }

    @Test
    void ownersAreToldAsUnsignedNumbers() {
        assertThat(owners.owner(0)).isEqualTo(ascii("0"));
        assertThat(owners.owner(-2)).isEqualTo(ascii("4294967294"));
        assertThat(owners.group(100)).isEqualTo(ascii("100"));
    }

    @Test
    void numbersAreTaken() throws NfsException {
        assertThat(owners.uid(ascii("0"))).isZero();
        assertThat(owners.uid(ascii("4294967295"))).isEqualTo(-1);
        assertThat(owners.gid(ascii("77"))).isEqualTo(77);
    }

    @Test
    void namesThatTheHostKnowsAreTakenWithAnyDomain() throws NfsException {
        assertThat(owners.uid(ascii("root"))).isZero();
        assertThat(owners.uid(ascii("root@example.org"))).isZero();
        assertThat(owners.uid("ännchen".getBytes(StandardCharsets.UTF_8))).isEqualTo(1001);
        assertThat(owners.uid(ascii("last"))).isEqualTo(-2);
        assertThat(owners.gid(ascii("wheel@"))).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody-here", "4294967296", "99999999999999999999", "-1", "007", "broken", "@x", "wheel"})
    void whatNobodyKnowsIsRefused(String owner) {
        assertThatThrownBy(() -> owners.uid(ascii(owner)))
                .isInstanceOfSatisfying(
                        NfsException.class, e -> assertThat(e.status()).isEqualTo(NfsStatus.BADOWNER));
    }

    @Test
    void anEmptyOwnerIsNone() {
        assertThatThrownBy(() -> owners.gid(new byte[0]))
                .isInstanceOfSatisfying(
                        NfsException.class, e -> assertThat(e.status()).isEqualTo(NfsStatus.INVAL));
    }

    @Test
    void aNewNameIsKnownWhenTheFileHasChanged() throws Exception {
        assertThat(owners.uid(ascii("root"))).isZero();
        Files.writeString(passwd, "novel:x:5:5::/:\n");
        Files.setLastModifiedTime(passwd, FileTime.fromMillis(1));

        assertThat(owners.uid(ascii("novel"))).isEqualTo(5);
    }

    @Test
    void aMissingFileLeavesTheNumbers() throws Exception {
        Owners none = new HostOwners(directory.resolve("nowhere"), directory.resolve("nowhere"));

        assertThat(none.uid(ascii("12"))).isEqualTo(12);
        assertThatThrownBy(() -> none.uid(ascii("root"))).isInstanceOf(NfsException.class);
    }

    private static byte[] ascii(String string) {
        return string.getBytes(StandardCharsets.US_ASCII);
    }
}
