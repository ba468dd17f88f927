package org.cairnfs.server.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcCredential.AuthSys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableExportResolverTest {
    private static final RpcCredential ROOT = new AuthSys("host", Credentials.of(0, 0, 0, 7));

    @TempDir
    private Path home;

    private static RpcConnection from(String address, int port) {
        RpcConnection connection = mock(RpcConnection.class);
        when(connection.remoteAddress()).thenReturn(new InetSocketAddress(address, port));
        when(connection.attachment(any())).thenReturn(Optional.empty());
        doAnswer(call -> when(connection.attachment(eq(call.getArgument(0))))
                        .thenReturn(Optional.of(call.getArgument(1))))
                .when(connection)
                .attach(any(), any());
        return connection;
    }

    @Test
    void theConnectionDecidesAndTheCredentialIsSquashed() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,async,no_root_squash) 10.0.0.0/8(ro)\n");
        TableExportResolver resolver = new TableExportResolver(Exports.of(Optional.of(file)));
        assertThat(resolver.resolve(from("127.0.0.1", 700), ROOT, null))
                .contains(new ExportAccess(true, false, Credentials.of(0, 0, 0, 7)));
        assertThat(resolver.resolve(from("10.1.2.3", 700), ROOT, null))
                .contains(new ExportAccess(false, true, Credentials.of(65_534, 65_534, 65_534, 7)));
        assertThat(resolver.resolve(from("10.1.2.3", 700), RpcCredential.NONE, null))
                .contains(new ExportAccess(false, true, Credentials.of(65_534, 65_534)));
        assertThat(resolver.resolve(from("10.1.2.3", 7000), ROOT, null)).isEmpty();
        assertThat(resolver.resolve(from("192.0.2.1", 700), ROOT, null)).isEmpty();
    }

    @Test
    void aReloadCountsForTheNextCallOfAnOpenConnection() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw)\n");
        Exports exports = Exports.of(Optional.of(file));
        TableExportResolver resolver = new TableExportResolver(exports);
        RpcConnection connection = from("127.0.0.1", 700);
        assertThat(resolver.resolve(connection, ROOT, null).orElseThrow().writable())
                .isTrue();
        assertThat(resolver.resolve(connection, ROOT, null).orElseThrow().writable())
                .isTrue();
        verify(connection, times(1)).attach(any(), any());
        Files.writeString(file, "/ 127.0.0.1(ro)\n");
        exports.reload();
        assertThat(resolver.resolve(connection, ROOT, null).orElseThrow().writable())
                .isFalse();
        Files.writeString(file, "/ 10.0.0.0/8\n");
        exports.reload();
        assertThat(resolver.resolve(connection, ROOT, null)).isEmpty();
    }
}
