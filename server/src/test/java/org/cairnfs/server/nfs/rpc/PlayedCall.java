package org.cairnfs.server.nfs.rpc;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A call without a network: notes the first number of each answer. Answers come from one thread at a time. */
final class PlayedCall implements RpcCall {
    private final RpcConnection connection;
    private final int xid;
    private final int version;
    private final int procedure;
    private final RpcCredential credential;
    private final List<Integer> replies = new ArrayList<>();
    private boolean dropped;

    PlayedCall(RpcConnection connection, int xid, int version, int procedure, RpcCredential credential) {
        this.connection = connection;
        this.xid = xid;
        this.version = version;
        this.procedure = procedure;
        this.credential = credential;
    }

    /** A connection from a host, to be looked at by Mockito. */
    static RpcConnection connection(String address, int port) throws UnknownHostException {
        RpcConnection connection = mock(RpcConnection.class);
        when(connection.remoteAddress()).thenReturn(new InetSocketAddress(InetAddress.getByName(address), port));
        when(connection.transportSecurity()).thenReturn(TransportSecurity.NONE);
        return connection;
    }

    List<Integer> replies() {
        return replies;
    }

    boolean isDropped() {
        return dropped;
    }

    @Override
    public int xid() {
        return xid;
    }

    @Override
    public int program() {
        return 100003;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public int procedure() {
        return procedure;
    }

    @Override
    public RpcConnection connection() {
        return connection;
    }

    @Override
    public RpcCredential credential() {
        return credential;
    }

    @Override
    public XdrReader arguments() {
        throw new UnsupportedOperationException("the test has them");
    }

    @Override
    public XdrWriter newResults() {
        return new XdrWriter(1 << 10);
    }

    @Override
    public void reply(XdrWriter results) {
        reply(ByteBuffer.wrap(results.toByteArray()));
    }

    @Override
    public void reply(XdrWriter results, Runnable onSent) {
        reply(results);
        onSent.run();
    }

    @Override
    public void reply(ByteBuffer results) {
        replies.add(results.getInt(0));
    }

    @Override
    public void reject(AcceptStat status) {
        throw new AssertionError("rejected: " + status);
    }

    @Override
    public void reject(AuthStat status) {
        throw new AssertionError("rejected: " + status);
    }

    @Override
    public void drop() {
        dropped = true;
    }
}
