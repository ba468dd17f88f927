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
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcCredential.AuthSys;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss;
import org.cairnfs.server.nfs.rpc.RpcCredential.Gss.Service;
import org.cairnfs.server.nfs.rpc.TransportSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableExportResolverTest {
    private static final RpcCredential ROOT = new AuthSys("host", Credentials.of(0, 0, 0, 7));

    private static final ModelFileSystem FILES = new ModelFileSystem();
    private static final FileHandle TOP = FILES.root();

    @TempDir
    private Path home;

    private static TableExportResolver resolver(Supplier<ExportTable> tables) {
        return new TableExportResolver(
                tables, FILES, new HandleCodec(TOP.fileSystem(), new byte[32]), UnaryOperator.identity());
    }

    private static RpcConnection from(String address, int port) {
        RpcConnection connection = mock(RpcConnection.class);
        when(connection.remoteAddress()).thenReturn(new InetSocketAddress(address, port));
        when(connection.transportSecurity()).thenReturn(TransportSecurity.NONE);
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
        TableExportResolver resolver = resolver(Exports.of(Optional.of(file)));
        assertThat(resolver.resolve(from("127.0.0.1", 700), ROOT, TOP))
                .contains(new ExportAccess(true, false, Credentials.of(0, 0, 0, 7)));
        assertThat(resolver.resolve(from("10.1.2.3", 700), ROOT, TOP))
                .contains(new ExportAccess(false, true, Credentials.of(65_534, 65_534, 65_534, 7)));
        assertThat(resolver.resolve(from("10.1.2.3", 700), RpcCredential.NONE, TOP))
                .contains(new ExportAccess(false, true, Credentials.of(65_534, 65_534)));
        assertThat(resolver.resolve(from("10.1.2.3", 7000), ROOT, TOP)).isEmpty();
        assertThat(resolver.resolve(from("192.0.2.1", 700), ROOT, TOP)).isEmpty();
    }

    @Test
    void aReloadCountsForTheNextCallOfAnOpenConnection() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw)\n");
        Exports exports = Exports.of(Optional.of(file));
        TableExportResolver resolver = resolver(exports);
        RpcConnection connection = from("127.0.0.1", 700);
        assertThat(resolver.resolve(connection, ROOT, TOP).orElseThrow().writable())
                .isTrue();
        assertThat(resolver.resolve(connection, ROOT, TOP).orElseThrow().writable())
                .isTrue();
        verify(connection, times(1)).attach(any(), any());
        Files.writeString(file, "/ 127.0.0.1(ro)\n");
        exports.reload();
        assertThat(resolver.resolve(connection, ROOT, TOP).orElseThrow().writable())
                .isFalse();
        Files.writeString(file, "/ 10.0.0.0/8\n");
        exports.reload();
        assertThat(resolver.resolve(connection, ROOT, TOP)).isEmpty();
    }

    @Test
    void onlyTheFlavoursOfTheExportAreLetIn() throws Exception {
        Path file =
                Files.writeString(home.resolve("exports"), "/ 127.0.0.1(sec=krb5i:krb5p) 10.0.0.0/8(sec=sys:krb5)\n");
        TableExportResolver resolver = resolver(Exports.of(Optional.of(file)));
        RpcConnection strict = from("127.0.0.1", 700);
        RpcConnection lax = from("10.1.2.3", 700);
        for (RpcCredential weak : List.of(ROOT, RpcCredential.NONE, user(Service.NONE))) {
            assertThat(resolver.resolve(strict, weak, TOP)).as("%s", weak).isEmpty();
            assertThat(resolver.resolve(lax, weak, TOP)).as("%s", weak).isPresent();
        }
        for (RpcCredential strong : List.of(user(Service.INTEGRITY), user(Service.PRIVACY))) {
            assertThat(resolver.resolve(strict, strong, TOP)).as("%s", strong).isPresent();
            assertThat(resolver.resolve(lax, strong, TOP)).as("%s", strong).isEmpty();
        }
        assertThat(resolver.flavors(strict, TOP)).containsExactly(SecurityFlavor.KRB5I, SecurityFlavor.KRB5P);
        assertThat(resolver.flavors(from("192.0.2.1", 700), TOP)).isEmpty();
    }

    @Test
    void aPrincipalIsWhoHeIsHereOrNobodyAndRootIsSquashed() throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(sec=krb5)\n");
        TableExportResolver resolver = resolver(Exports.of(Optional.of(file)));
        RpcConnection connection = from("127.0.0.1", 700);
        assertThat(resolver.resolve(connection, user(Service.NONE), TOP)
                        .orElseThrow()
                        .credentials())
                .isEqualTo(Credentials.of(1000, 100, 7));
        for (Optional<Credentials> ids : List.of(Optional.<Credentials>empty(), Optional.of(Credentials.ROOT))) {
            assertThat(resolver.resolve(connection, new Gss("x@TEST", Service.NONE, ids), TOP)
                            .orElseThrow()
                            .credentials())
                    .isEqualTo(Credentials.of(65_534, 65_534));
        }
    }

    @Test
    void aConnectionMustBeProtectedAsTheExportWants() throws Exception {
        for (TransportSecurity is : TransportSecurity.values()) {
            assertThat(isLetIn("none", is)).isEqualTo(is == TransportSecurity.NONE);
            assertThat(isLetIn("tls", is)).isEqualTo(is != TransportSecurity.NONE);
            assertThat(isLetIn("mtls", is)).isEqualTo(is == TransportSecurity.MUTUAL_TLS);
            assertThat(isLetIn("none:mtls", is)).isEqualTo(is != TransportSecurity.TLS);
        }
    }

    private boolean isLetIn(String policy, TransportSecurity is) throws Exception {
        Path file = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(xprtsec=" + policy + ")\n");
        RpcConnection connection = from("127.0.0.1", 700);
        when(connection.transportSecurity()).thenReturn(is);
        TableExportResolver resolver = resolver(Exports.of(Optional.of(file)));
        assertThat(resolver.flavors(connection, TOP))
                .as("it may come otherwise")
                .isNotEmpty();
        return resolver.resolve(connection, ROOT, TOP).isPresent();
    }

    private static RpcCredential user(Service service) {
        return new Gss("user@TEST", service, Optional.of(Credentials.of(1000, 100, 7)));
    }
}
