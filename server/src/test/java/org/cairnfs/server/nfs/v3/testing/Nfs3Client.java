package org.cairnfs.server.nfs.v3.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Nfs3Program;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3.Attributes3;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A client with one connection and one user. */
public final class Nfs3Client {
    private static final int MAX = 4 << 20;

    private final RpcConnection connection;
    private final RpcCredential credential;
    private final byte[] root;

    /** @param root a handle to work below */
    public Nfs3Client(RpcConnection connection, RpcCredential credential, byte[] root) {
        this.connection = connection;
        this.credential = credential;
        this.root = root;
    }

    public byte[] root() {
        return root;
    }

    public Reply3 call(Call call) throws Exception {
        XdrWriter arguments = new XdrWriter(MAX).writeFixedOpaque(call.arguments());
        return new Reply3(connection
                .call(
                        Nfs3Program.PROGRAM,
                        Nfs3Program.VERSION,
                        call.number().number(),
                        credential,
                        arguments,
                        Nfs3Fixture.PATIENCE)
                .get(Nfs3Fixture.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    public void expect(Nfs3Status status, Call call) throws Exception {
        assertThat(call(call).status()).as("status of %s", call).isEqualTo(status);
    }

    /** Makes a file of mode 0644 in the root; its handle. */
    public byte[] create(String name) throws Exception {
        return call(Calls.create(root, name, true, Sattr.mode(0644))).ok().postHandle();
    }

    /** Makes a directory of mode 0755 in the root; its handle. */
    public byte[] mkDir(String name) throws Exception {
        return call(Calls.mkDir(root, name, Sattr.mode(0755))).ok().postHandle();
    }

    public Attributes3 attributes(byte[] file) throws Exception {
        return call(Calls.getAttr(file)).ok().attributes();
    }

    public byte[] read(byte[] file, long offset, int count) throws Exception {
        Reply3 reply = call(Calls.read(file, offset, count)).ok();
        assertThat(reply.postOp()).isPresent();
        int length = reply.in().readInt();
        reply.in().readBoolean();
        byte[] data = reply.opaque();
        reply.end();
        assertThat(data).hasSize(length);
        return data;
    }

    public void write(byte[] file, long offset, byte[] data) throws Exception {
        call(Calls.write(file, offset, 0, data)).ok();
    }
}
