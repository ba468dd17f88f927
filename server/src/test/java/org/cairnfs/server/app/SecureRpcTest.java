package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.NetworkSecurity;
import org.cairnfs.server.nfs.rpc.RpcServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of files for Kerberos and TLS that cannot be used. */
class SecureRpcTest {
    @TempDir
    private Path folder;

    private Path write(String name, byte[] bytes, String mode) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** An entry of http/host@TEST, without a key. */
    private static byte[] keytab() {
        return HexFormat.of().parseHex("0502" + "00000014" + "0002" + "000454455354" + "000468747470" + "0004686f7374");
    }

    private static CairnException refusal(NetworkSecurity security) {
        return catchThrowableOfType(CairnException.class, () -> SecureRpc.addTo(RpcServer.builder(), security));
    }

    private static NetworkSecurity kerberos(Path keytab, String principal) {
        return new NetworkSecurity(Optional.of(keytab), Optional.ofNullable(principal), Optional.empty());
    }

    private static NetworkSecurity tls(Path certificate, Path key) {
        return new NetworkSecurity(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new NetworkSecurity.Tls(certificate, key, Optional.empty())));
    }

    @Test
    void filesThatOthersMayReadAreRefused() throws Exception {
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            Path file = write("secret", keytab(), mode);
            CairnException keytab = refusal(kerberos(file, null));
            assertThat(keytab.exitCode()).isEqualTo(ExitCode.SECRET_FILE);
            assertThat(keytab.toLine()).contains("chmod 600");
            assertThat(refusal(tls(file, file)).exitCode()).isEqualTo(ExitCode.SECRET_FILE);
        }
    }

    @Test
    void filesThatAreNotThereOrNotWhatTheyShouldBeAreTold() throws Exception {
        Path missing = folder.resolve("missing");
        assertThat(refusal(kerberos(missing, null)).toLine()).contains(missing.toString());
        assertThat(refusal(tls(missing, missing)).toLine()).contains(missing.toString());
        Path text = write("text", "text".getBytes(java.nio.charset.StandardCharsets.UTF_8), "rw-------");
        assertThat(refusal(kerberos(text, null)).toLine()).contains("no keytab");
        assertThat(refusal(tls(text, text)).exitCode()).isEqualTo(ExitCode.CONFIG);
    }

    @Test
    void aKeytabWithoutTheKeyThatIsWantedIsTold() throws Exception {
        Path file = write("keytab", keytab(), "rw-------");
        assertThat(refusal(kerberos(file, null)).toLine()).contains("no key of nfs/HOST");
        assertThat(refusal(kerberos(file, "nfs/host@TEST")).toLine())
                .contains("no key of nfs/host@TEST")
                .contains("http/host@TEST");
    }
}
