package org.cairnfs.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.config.ConfigFile;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.cairnfs.server.nfs.rpc.TestCertificates;
import org.cairnfs.server.nfs.watch.OperationWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RPC-with-TLS (RFC 9289) with OpenSSL, by Python's ssl, which is that: what another implementation makes of this one. */
class OpenSslClientTest {
    /**
     * Asks for TLS by a probe, shakes hands, and calls PUTROOTFH of NFSv4.0 as root by AUTH_SYS: {@code PORT VERSION|clear CA ALPN|- OWN|-},
     * with OWN.pem and OWN.key. Prints how that went.
     */
    private static final String CLIENT = """
        import socket, ssl, struct, sys
        port, version, ca, alpn, own = sys.argv[1:]

        def call(xid, procedure, flavor, credential, arguments=b''):
            message = struct.pack('>8I', xid, 0, 2, 100003, 4, procedure, flavor, len(credential)) + credential
            message += struct.pack('>2I', 0, 0) + arguments
            return struct.pack('>I', 0x80000000 | len(message)) + message

        def receive(connection, wanted):
            found = b''
            while len(found) < wanted:
                piece = connection.recv(wanted - len(found))
                if not piece:
                    raise EOFError
                found += piece
            return found

        def reply(connection):
            return receive(connection, struct.unpack('>I', receive(connection, 4))[0] & 0x7fffffff)

        connection = socket.create_connection(('127.0.0.1', int(port)), 60)
        try:
            if version != 'clear':
                connection.sendall(call(1, 0, 7, b''))
                assert reply(connection) == struct.pack('>5I', 1, 1, 0, 0, 8) + b'STARTTLS' + bytes(4)
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.load_verify_locations(ca)
                context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
                if alpn != '-':
                    context.set_alpn_protocols([alpn])
                if own != '-':
                    context.load_cert_chain(own + '.pem', own + '.key')
                connection = context.wrap_socket(connection, server_hostname='localhost')
                print(connection.version(), connection.selected_alpn_protocol())
            root = struct.pack('>2I4s3I', 0, 4, b'host', 0, 0, 0)
            connection.sendall(call(2, 1, 1, root, struct.pack('>4I', 0, 0, 1, 24)))
            print('status', struct.unpack('>I', reply(connection)[24:28])[0])
        except (OSError, EOFError) as error:
            print('refused', getattr(error, 'reason', None) or type(error).__name__)
        """;

    private static final String SPOKEN = "TLSv1.3 sunrpc";
    private static final String OK = "status 0";
    private static final String WRONGSEC = "status 10016";

    @TempDir
    private static Path folder;

    private static TestCertificates certificates;

    @TempDir
    private Path home;

    private NfsService nfs;

    @BeforeAll
    static void prepare() throws Exception {
        Tools.require("python3", "package python3-minimal");
        certificates = new TestCertificates(folder)
                .root("ca")
                .root("stranger-ca")
                .signed("server", "ca")
                .signed("client", "ca")
                .signed("stranger", "stranger-ca");
        Files.writeString(folder.resolve("client.py"), CLIENT);
    }

    private void serve(String security) throws Exception {
        Path exports = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,insecure," + security + ")\n");
        Path config = Files.writeString(
                home.resolve("conf"),
                "tls-certificate = " + certificates.certificate("server") + "\ntls-key = " + certificates.key("server")
                        + "\ntls-client-ca = " + certificates.certificate("ca") + "\n");
        nfs = NfsServer.start(new NfsService.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Exports.of(Optional.of(exports)),
                new ModelFileSystem(),
                new byte[32],
                home,
                ServerConfig.of(ConfigFile.read(config)).nfs(),
                Optional.empty(),
                RpcMetrics.NONE,
                OperationWatch.NONE,
                failure -> {}));
    }

    @AfterEach
    void stop() {
        nfs.stop(Duration.ZERO);
    }

    private List<String> client(String version, String trusted, String alpn, String own) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("python3", folder.resolve("client.py").toString()));
        command.addAll(List.of(String.valueOf(nfs.address().getPort()), version));
        command.addAll(List.of(certificates.certificate(trusted).toString(), alpn));
        command.add(own.equals("-") ? own : folder.resolve(own).toString());
        Path said = home.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        return Files.readAllLines(said);
    }

    private List<String> client(String own) throws Exception {
        return client("TLSv1_3", "ca", "sunrpc", own);
    }

    @Test
    void anExportThatWantsTlsIsForThoseWhoSpeakIt() throws Exception {
        serve("xprtsec=tls");
        assertThat(client("-")).containsExactly(SPOKEN, OK);
        assertThat(client("client")).containsExactly(SPOKEN, OK);
        assertThat(client("clear", "ca", "-", "-")).containsExactly(WRONGSEC);
    }

    @Test
    void anExportThatWantsCertificatesIsForThoseWhoHaveOne() throws Exception {
        serve("xprtsec=mtls");
        assertThat(client("client")).containsExactly(SPOKEN, OK);
        assertThat(client("-")).containsExactly(SPOKEN, WRONGSEC);
        assertThat(client("clear", "ca", "-", "-")).containsExactly(WRONGSEC);
        // OpenSSL sends what it has, whoever has signed it; the alert comes after the client's part of the handshake.
        assertThat(client("stranger"))
                .hasSize(2)
                .startsWith(SPOKEN)
                .element(1)
                .asString()
                .startsWith("refused");
    }

    @Test
    void otherVersionsProtocolsAndServersAreRefused() throws Exception {
        serve("xprtsec=tls");
        assertThat(client("TLSv1_2", "ca", "sunrpc", "-"))
                .singleElement()
                .asString()
                .startsWith("refused");
        assertThat(client("TLSv1_3", "ca", "h2", "-"))
                .singleElement()
                .asString()
                .startsWith("refused");
        assertThat(client("TLSv1_3", "ca", "-", "-"))
                .as("ALPN is not left away (RFC 9289 section 8.2)")
                .last()
                .asString()
                .startsWith("refused");
        assertThat(client("TLSv1_3", "stranger-ca", "sunrpc", "-"))
                .containsExactly("refused CERTIFICATE_VERIFY_FAILED");
        assertThat(client("-")).as("and it serves on").containsExactly(SPOKEN, OK);
    }
}
