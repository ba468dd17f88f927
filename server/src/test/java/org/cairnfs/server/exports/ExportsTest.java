package org.cairnfs.server.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {
    @TempDir
    private Path home;

    @Test
    void aReloadWithAnErrorLeavesTheTable() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 10.0.0.1\n");
        Exports exports = Exports.of(Optional.of(file));
        ExportTable before = exports.get();
        for (String wrong : new String[] {"/ 10.0.0.1(", "# nothing\n", "home 10.0.0.1\n"}) {
            Files.writeString(file, wrong);
            CairnException error = catchThrowableOfType(CairnException.class, exports::reload);
            assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
            assertThat(error).hasMessageContaining(file.toString());
            assertThat(exports.get()).isSameAs(before);
        }
        Files.delete(file);
        assertThatThrownBy(exports::reload).hasMessageContaining("no exports file");
        Files.writeString(file, "/ 10.0.0.2\n");
        exports.reload();
        assertThat(exports.get().exports().get(0).client()).hasToString("10.0.0.2");
    }

    @Test
    void readOnlyIsWhateverTheFileSays() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ *(rw,async) 127.0.0.1(ro)\n");
        Exports exports = Exports.readOnly(Optional.of(file));
        assertThat(exports.get().exports()).hasSize(2).allMatch(Export::readOnly);
        Files.writeString(file, "/ *(rw)\n");
        exports.reload();
        assertThat(exports.get().exports()).singleElement().matches(Export::readOnly);
        assertThat(Exports.readOnly(Optional.empty()).get().exports())
                .isNotEmpty()
                .allMatch(Export::readOnly);
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        Path binary = Files.write(home.resolve("binary"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThatThrownBy(() -> Exports.of(Optional.of(binary))).hasMessageContaining("not UTF-8");
        Path huge = Files.write(home.resolve("huge"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> Exports.of(Optional.of(huge))).hasMessageContaining("over 1 MiB");
    }

    @Test
    void theResolverOfTheSystemKnowsThisMachine() {
        HostResolver resolver = HostResolver.ofSystem();
        assertThat(resolver.addresses("localhost")).anyMatch(address -> address.isLoopbackAddress());
        assertThat(resolver.addresses("no-such-host.invalid")).isEmpty();
    }
}
