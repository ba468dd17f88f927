package org.cairnfs.server.nfs.v4.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Encodes compounds and sends them; knows no session (see {@link Session41} and {@link Client40}). */
public final class Nfs4TestClient {
    private static final int LARGEST = 8 << 20;

    private final Transport transport;

    public Nfs4TestClient(Transport transport) {
        this.transport = transport;
    }

    public Reply call(int minorVersion, Op... operations) throws Exception {
        return call("", minorVersion, Arrays.asList(operations));
    }

    public Reply call(String tag, int minorVersion, List<Op> operations) throws Exception {
        return send(encode(tag, minorVersion, operations.size(), operations));
    }

    /** Arguments of a COMPOUND that claims to have {@code count} operations. */
    public static XdrWriter encode(String tag, int minorVersion, int count, List<Op> operations) throws Exception {
        XdrWriter out = new XdrWriter(LARGEST);
        out.writeOpaque(tag.getBytes(StandardCharsets.UTF_8))
                .writeInt(minorVersion)
                .writeInt(count);
        for (Op operation : operations) {
            out.writeInt(operation.number());
            out.writeFixedOpaque(operation.arguments());
        }
        return out;
    }

    public Reply send(XdrWriter arguments) throws Exception {
        return new Reply(transport.call(arguments));
    }
}
