package org.cairnfs.server.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.testkit.ModelFileSystem;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.TransportSecurity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports below the root: which one counts where, what is seen on the way, and what moves with the directories. */
class SubtreeTest {
    private static final OpContext OP = new OpContext(Credentials.ROOT);
    private static final RpcCredential ROOT = new RpcCredential.AuthSys("host", Credentials.of(0, 0));

    @TempDir
    Path home;

    private final ModelFileSystem files = new ModelFileSystem();
    private long nanos;
    private final HandleCodec codec = new HandleCodec(files.root().fileSystem(), new byte[32]);
    private FileHandle home1;
    private FileHandle alice;
    private FileHandle inner;
    private FileHandle other;
    private TableExportResolver resolver;
    private Exports exports;

    @BeforeEach
    void makeTree() throws Exception {
        home1 = directory(files.root(), "home");
        alice = directory(home1, "alice");
        inner = directory(alice, "inner");
        other = directory(home1, "bob");
    }

    private FileHandle directory(FileHandle in, String name) throws FsException {
        return files.create(OP, in, Name.of(name), CreateRequest.directory(0755))
                .node()
                .handle();
    }

    private void export(String text) throws Exception {
        Path file = Files.writeString(home.resolve("exports"), text);
        if (exports == null) {
            exports = Exports.of(Optional.of(file));
            resolver = new TableExportResolver(exports, files, codec, UnaryOperator.identity(), () -> nanos);
        } else {
            exports.reload();
        }
    }

    private void later() {
        nanos += Duration.ofSeconds(3).toNanos();
    }

    private static RpcConnection from(String address) {
        return from(new InetSocketAddress(address, 700));
    }

    private static RpcConnection from(InetSocketAddress address) {
        RpcConnection connection = mock(RpcConnection.class);
        when(connection.remoteAddress()).thenReturn(address);
        when(connection.transportSecurity()).thenReturn(TransportSecurity.NONE);
        when(connection.attachment(any())).thenReturn(Optional.empty());
        doAnswer(call -> when(connection.attachment(eq(call.getArgument(0))))
                        .thenReturn(Optional.of(call.getArgument(1))))
                .when(connection)
                .attach(any(), any());
        return connection;
    }

    private Entrance root(String client) {
        return resolver.enter(from(client), ROOT, files.root());
    }

    private Entrance alice(String client) {
        return root(client).down(home1).down(alice);
    }

    private static boolean isWritable(Entrance entrance) {
        return entrance.access().orElseThrow().writable();
    }

    @Test
    void theWayLeadsThroughPassages() throws Exception {
        export("/home/alice 10.0.0.1(rw)\n");
        Entrance top = root("10.0.0.1");
        assertThat(top.isPassage()).isTrue();
        assertThat(isWritable(top)).isFalse();
        Entrance way = top.down(home1);
        assertThat(way.isPassage()).isTrue();
        assertThat(way.down(other).isClosed()).isTrue();
        Entrance there = way.down(alice);
        assertThat(there.isPassage()).isFalse();
        assertThat(isWritable(there)).isTrue();
        assertThat(there.down(inner)).isSameAs(there);
        assertThat(there.up(inner, alice)).isSameAs(there);
        assertThat(there.up(alice, home1).isPassage()).isTrue();
        assertThat(root("10.0.0.2").isClosed()).isTrue();
    }

    @Test
    void aHandleIsGoodForItsExportOnly() throws Exception {
        export("/home/alice 10.0.0.1(rw) 10.0.0.2(ro)\n/home/bob 10.0.0.2(rw)\n");
        byte[] wire = alice("10.0.0.1").wire(inner);
        assertThat(isWritable(present("10.0.0.1", wire))).isTrue();
        assertThat(isWritable(present("10.0.0.2", wire))).isFalse();
        assertThat(present("10.0.0.3", wire).isClosed()).isTrue();
        assertThat(resolver.present(from("10.0.0.1"), ROOT, wire).handle()).isEqualTo(inner);
        assertThat(present("10.0.0.1", inner.toBytes()).isClosed())
                .as("a handle of the whole file system, made up")
                .isTrue();
        assertThat(present("10.0.0.1", codec.encode(other, other.inode())).isClosed())
                .isTrue();
    }

    private Entrance present(String client, byte[] wire) throws FsException {
        return resolver.present(from(client), ROOT, wire).entrance();
    }

    @Test
    void theInnermostExportCounts() throws Exception {
        export("/ *(ro)\n/home/alice *(rw)\n/home/alice/inner 10.0.0.1(ro,all_squash)\n");
        Entrance whole = root("10.0.0.2");
        assertThat(isWritable(whole)).isFalse();
        Entrance mine = alice("10.0.0.2");
        assertThat(isWritable(mine)).isTrue();
        assertThat(mine.isApartFrom(whole)).isTrue();
        assertThat(isWritable(mine.down(inner)))
                .as("nothing is said of this client there, so the line around it counts")
                .isTrue();
        assertThat(isWritable(mine.up(alice, home1))).isFalse();

        Entrance innermost = alice("10.0.0.1").down(inner);
        assertThat(isWritable(innermost)).isFalse();
        assertThat(innermost.access().orElseThrow().credentials().uid()).isEqualTo(65_534);
        assertThat(isWritable(innermost.up(inner, alice))).isTrue();
    }

    @Test
    void aLineThatShutsOutHoldsOnTheWayDown() throws Exception {
        export("/ *(rw,insecure)\n/home/alice 10.0.0.1(rw,secure)\n");
        RpcConnection unreserved = from(new InetSocketAddress("10.0.0.1", 7000));
        Entrance way = resolver.enter(unreserved, ROOT, files.root()).down(home1);
        assertThat(way.isClosed()).isFalse();
        assertThat(way.down(alice).isClosed()).isTrue();
    }

    /** A passage is for those whom an export behind it lets in; it tells the flavours of all of them. */
    @Test
    void passagesAreAsStrictAsWhatTheyLeadTo() throws Exception {
        export("/home/alice *(sec=krb5p)\n/home/bob 10.0.0.1(sec=sys)\n");
        Entrance weak = root("10.0.0.2");
        assertThat(weak.isTooWeak()).isTrue();
        assertThat(weak.flavors()).containsExactly(SecurityFlavor.KRB5P);
        Entrance way = root("10.0.0.1").down(home1);
        assertThat(way.flavors()).containsExactlyInAnyOrder(SecurityFlavor.KRB5P, SecurityFlavor.SYS);
        assertThat(way.isTooWeak()).isFalse();
        assertThat(way.down(alice).isTooWeak()).isTrue();
        assertThat(way.down(other).isTooWeak()).isFalse();
    }

    @Test
    void whatIsNotThereIsExportedAsSoonAsItIs() throws Exception {
        export("/home/carol *(rw)\n");
        assertThat(root("10.0.0.1").isClosed()).isTrue();
        assertThat(TableExportResolver.missing(exports.get(), files)).containsExactly("/home/carol");
        FileHandle carol = directory(home1, "carol");
        assertThat(TableExportResolver.missing(exports.get(), files)).isEmpty();
        later();
        assertThat(isWritable(root("10.0.0.1").down(home1).down(carol))).isTrue();
    }

    @Test
    void anExportIsWhatItsPathLeadsTo() throws Exception {
        export("/home/alice *(rw)\n");
        byte[] wire = alice("10.0.0.1").wire(inner);
        files.rename(OP, home1, Name.of("alice"), home1, Name.of("old"), RenameFlag.REPLACE);
        later();
        assertThat(present("10.0.0.1", wire).isClosed()).isTrue();
        files.rename(OP, home1, Name.of("old"), home1, Name.of("alice"), RenameFlag.REPLACE);
        later();
        assertThat(isWritable(present("10.0.0.1", wire))).isTrue();
    }

    @Test
    void aReloadCountsAtOnce() throws Exception {
        export("/home/alice *(rw)\n");
        byte[] wire = alice("10.0.0.1").wire(inner);
        export("/home/bob *(rw)\n");
        assertThat(present("10.0.0.1", wire).isClosed()).isTrue();
        export("/ *(rw)\n/home/alice *(ro)\n");
        assertThat(isWritable(present("10.0.0.1", wire))).isFalse();
    }
}
