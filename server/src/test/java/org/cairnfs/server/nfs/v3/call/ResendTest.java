package org.cairnfs.server.nfs.v3.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same request twice, as a client sends it that heard nothing: over another connection, and after a restart. */
class ResendTest {
    private Nfs3Fixture server;
    private byte[] root;

    @BeforeEach
    void start() throws Exception {
        server = new Nfs3Fixture();
        root = server.fileSystem().root().toBytes();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aResendOverAnotherConnectionIsAnsweredAsBefore() throws Exception {
        Call create = Calls.create(root, "f", true, Sattr.mode(0600));
        Call remove = Calls.remove(root, "f");
        byte[] made = send(1, create);
        assertThat(send(1, create)).isEqualTo(made);
        assertThat(status(send(2, create))).isEqualTo(Nfs3Status.EXIST);
        byte[] removed = send(3, remove);
        assertThat(status(removed)).isEqualTo(Nfs3Status.OK);
        assertThat(send(3, remove)).isEqualTo(removed);
        assertThat(status(send(4, remove))).isEqualTo(Nfs3Status.NOENT);
    }

    @Test
    void aLateWriteDoesNotUndoALaterOne() throws Exception {
        byte[] file = server.root().create("f");
        Call first = Calls.write(file, 0, 0, new byte[] {1});
        send(1, first);
        send(2, Calls.write(file, 0, 0, new byte[] {2}));
        assertThat(status(send(1, first))).isEqualTo(Nfs3Status.OK);
        assertThat(server.root().read(file, 0, 1)).containsExactly(2);
    }

    @Test
    void aResendAfterARestartIsAnsweredOnce() throws Exception {
        Call create = Calls.create(root, "f", true, Sattr.mode(0600));
        Call rename = Calls.rename(root, "f", root, "g");
        Call remove = Calls.remove(root, "g");
        Call directory = Calls.mkDir(root, "d", Sattr.mode(0700));
        send(1, create);
        send(2, rename);
        send(3, remove);
        send(4, directory);
        server.restart();
        assertThat(status(send(3, remove))).isEqualTo(Nfs3Status.OK);
        assertThat(status(send(3 + 1024, remove))).isEqualTo(Nfs3Status.NOENT);
        assertThat(status(send(5, directory))).as("another request").isEqualTo(Nfs3Status.EXIST);
        assertThat(status(send(4, directory))).isEqualTo(Nfs3Status.OK);
    }

    /** Such a request was not carried out; under whatever transaction id it comes again, it is to be. */
    @Test
    void whatWasToComeLaterIsCarriedOutThen() throws Exception {
        server.close();
        AtomicBoolean busy = new AtomicBoolean(true);
        server = new Nfs3Fixture(model -> Verbs.intercepted(model, (verb, arguments, usual) -> {
            if (verb.equals("create") && busy.getAndSet(false)) {
                throw new FsException(Errno.EAGAIN, "busy");
            }
            return usual.call();
        }));
        root = server.fileSystem().root().toBytes();
        Call create = Calls.create(root, "f", true, Sattr.mode(0600));
        assertThat(status(send(1, create))).isEqualTo(Nfs3Status.JUKEBOX);
        byte[] made = send(1, create);
        assertThat(status(made)).isEqualTo(Nfs3Status.OK);
        assertThat(send(1, create)).isEqualTo(made);
    }

    private static Nfs3Status status(byte[] results) {
        return Nfs3Status.ofCode(ByteBuffer.wrap(results).getInt()).orElseThrow();
    }

    /** One call over a connection of its own; its results. */
    private byte[] send(int xid, Call call) throws Exception {
        XdrWriter credential = new XdrWriter(64).writeInt(0).writeUtf8("test");
        credential.writeInt(0).writeInt(0).writeInts();
        XdrWriter out = new XdrWriter(1 << 16).writeInt(0);
        out.writeInt(xid).writeInt(0).writeInt(2);
        out.writeInt(Nfs3Program.PROGRAM)
                .writeInt(Nfs3Program.VERSION)
                .writeInt(call.number().number());
        out.writeInt(1).writeOpaque(credential.toByteArray()).writeInt(0).writeInt(0);
        out.writeFixedOpaque(call.arguments());
        out.setInt(0, 0x8000_0000 | out.position() - Integer.BYTES);
        try (Socket socket = new Socket(
                server.rpc().address().getAddress(), server.rpc().address().getPort())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
            socket.getOutputStream().write(out.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] record = new byte[in.readInt() & 0x7fff_ffff];
            in.readFully(record);
            XdrReader reply = new XdrReader(ByteBuffer.wrap(record));
            assertThat(reply.readInt()).isEqualTo(xid);
            for (int expected : new int[] {1, 0, 0, 0, 0}) {
                assertThat(reply.readInt()).isEqualTo(expected);
            }
            return reply.readFixedOpaque(reply.remaining());
        }
    }
}
