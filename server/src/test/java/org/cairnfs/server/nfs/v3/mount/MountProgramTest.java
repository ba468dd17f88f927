package org.cairnfs.server.nfs.v3.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** MOUNT over TCP: who gets which handle, and what is told to those who ask. */
class MountProgramTest {
    private static final int MNT = 1;
    private static final int DUMP = 2;
    private static final int UMNT = 3;
    private static final int UMNTALL = 4;
    private static final int EXPORT = 5;

    @Test
    void pathsLeadToHandles() throws Exception {
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            byte[] directory = server.root().mkDir("dir");
            byte[] below = server.root()
                    .call(Calls.mkDir(directory, "ö b", Sattr.mode(0)))
                    .ok()
                    .postHandle();
            server.root().create("file");
            RpcConnection client = server.connection();

            assertThat(mount(client, "/")).isEqualTo(server.root().root());
            assertThat(mount(client, ""))
                    .as("what libnfs asks for")
                    .isEqualTo(server.root().root());
            assertThat(mount(client, "/dir")).isEqualTo(directory);
            assertThat(mount(client, "//dir//ö b/")).isEqualTo(below);
            assertThat(status(client, "/file")).isEqualTo(Nfs3Status.NOTDIR);
            assertThat(status(client, "/file/x")).isEqualTo(Nfs3Status.NOTDIR);
            assertThat(status(client, "/missing")).isEqualTo(Nfs3Status.NOENT);
            assertThat(status(client, "/dir/../dir")).isEqualTo(Nfs3Status.ACCES);
            assertThat(status(client, "dir")).isEqualTo(Nfs3Status.INVAL);
            assertThat(status(client, "/" + "x".repeat(300))).isEqualTo(Nfs3Status.NAMETOOLONG);
        }
    }

    @Test
    void whoIsNotLetInLearnsNothing() throws Exception {
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            server.root().mkDir("dir");
            server.exportToNobody();
            RpcConnection client = server.connection();
            for (String path : List.of("/", "/dir", "/missing")) {
                assertThat(status(client, path)).isEqualTo(Nfs3Status.ACCES);
            }
        }
    }

    @Test
    void theFlavoursOfTheExportAreTold() throws Exception {
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            server.export().only(SecurityFlavor.KRB5P, SecurityFlavor.KRB5);
            RpcConnection client = server.connection();
            XdrReader results = call(client, MNT, out -> out.writeUtf8("/"));
            assertThat(results.readInt()).isZero();
            results.skipOpaque(64);
            assertThat(results.readInts(9)).containsExactly(390_005, 390_003);
        }
    }

    @Test
    void mountsAreListedUntilTheyEnd() throws Exception {
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            server.root().mkDir("a");
            server.root().mkDir("b");
            RpcConnection client = server.connection();
            mount(client, "/a");
            mount(client, "/b/");
            mount(client, "/");
            assertThat(dump(client)).containsExactly("127.0.0.1:/a", "127.0.0.1:/b", "127.0.0.1:/");
            call(client, UMNT, out -> out.writeUtf8("/b"));
            assertThat(dump(client)).containsExactly("127.0.0.1:/a", "127.0.0.1:/");
            call(client, UMNTALL, out -> {});
            assertThat(dump(client)).isEmpty();
        }
    }

    @Test
    void exportsAreTold() throws Exception {
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            XdrReader in = call(server.connection(), EXPORT, out -> {});
            assertThat(in.readOptional()).isTrue();
            assertThat(in.readUtf8(1024)).isEqualTo("/");
            List<String> clients = new ArrayList<>();
            while (in.readOptional()) {
                clients.add(in.readUtf8(1024));
            }
            assertThat(clients).containsExactly("127.0.0.0/8", "::1");
            assertThat(in.readOptional()).isFalse();
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void garbageIsRefusedAtEveryByte() throws Exception {
        byte[] whole = Calls.encode(out -> out.writeUtf8("/some/path"));
        for (int length = 0; length < whole.length; length++) {
            XdrReader cut = new XdrReader(java.nio.ByteBuffer.wrap(whole, 0, length));
            assertThatThrownBy(() -> MountProgram.readPath(cut)).isInstanceOf(XdrException.class);
        }
        try (Nfs3Fixture server = new Nfs3Fixture()) {
            RpcConnection client = server.connection();
            for (int procedure : new int[] {MNT, UMNT, 6, -1}) {
                assertThatThrownBy(() -> call(client, procedure, out -> out.writeInt(2000)))
                        .isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("not carried out");
            }
            assertThat(mount(client, "/")).isNotEmpty();
        }
    }

    @Property
    void anyPathIsParsedOrRefused(@ForAll @Size(max = 600) byte[] path) {
        try {
            assertThat(MountPath.of(path).names()).doesNotContainNull();
        } catch (Nfs3Exception e) {
            assertThat(e.status()).isIn(Nfs3Status.INVAL, Nfs3Status.ACCES, Nfs3Status.NAMETOOLONG);
        }
    }

    private static byte[] mount(RpcConnection client, String path) throws Exception {
        XdrReader in = call(client, MNT, out -> out.writeUtf8(path));
        assertThat(in.readInt()).as("status of %s", path).isZero();
        byte[] handle = in.readOpaque(64);
        assertThat(in.readInts(10)).containsExactly(1);
        assertThat(in.remaining()).isZero();
        return handle;
    }

    private static Nfs3Status status(RpcConnection client, String path) throws Exception {
        XdrReader in = call(client, MNT, out -> out.writeOpaque(path.getBytes(StandardCharsets.UTF_8)));
        return Nfs3Status.ofCode(in.readInt()).orElseThrow();
    }

    private static List<String> dump(RpcConnection client) throws Exception {
        XdrReader in = call(client, DUMP, out -> {});
        List<String> all = new ArrayList<>();
        while (in.readOptional()) {
            all.add(in.readUtf8(255) + ":" + in.readUtf8(1024));
        }
        assertThat(in.remaining()).isZero();
        return all;
    }

    private static XdrReader call(RpcConnection client, int procedure, Arguments arguments) throws Exception {
        XdrWriter out = new XdrWriter(4096).writeFixedOpaque(Calls.encode(arguments));
        return client.call(
                        MountProgram.PROGRAM,
                        MountProgram.VERSION,
                        procedure,
                        RpcCredential.NONE,
                        out,
                        Nfs3Fixture.PATIENCE)
                .get(Nfs3Fixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
