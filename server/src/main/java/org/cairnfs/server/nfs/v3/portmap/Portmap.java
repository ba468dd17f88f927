package org.cairnfs.server.nfs.v3.portmap;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * Answers where a program is (RFC 1833), whatever the transport of the question. Read-only: nobody else's programs are taken
 * in, and no calls are passed on. Safe for use by any number of threads.
 */
public final class Portmap {
    public static final int PROGRAM = 100000;

    /** The port that portmap has everywhere. */
    public static final int PORT = 111;

    /** The version with numbers; 3 and 4 have universal addresses. */
    public static final int PORTMAP_VERSION = 2;

    public static final int FIRST_VERSION = PORTMAP_VERSION;
    public static final int LAST_VERSION = 4;

    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int GETPORT = 3;
    private static final int DUMP = 4;
    private static final int GETTIME = 6;
    private static final int GETVERSADDR = 9;

    private static final int MAX_STRING_BYTES = 255;
    private static final long MILLIS = 1000;

    private final Supplier<List<Mapping>> mappings;

    /** @param mappings what is served now */
    public Portmap(Supplier<List<Mapping>> mappings) {
        this.mappings = mappings;
    }

    /**
     * Answers a call.
     *
     * @param local the address of this machine that the question came to
     * @return false if there is no such procedure; nothing has been written then
     */
    boolean answer(int version, int procedure, XdrReader in, InetAddress local, XdrWriter out) throws XdrException {
        switch (procedure) {
            case SET, UNSET -> out.writeBoolean(false);
            case GETPORT -> {
                if (version == PORTMAP_VERSION) {
                    out.writeInt(port(in.readInt(), in.readInt(), in.readInt()));
                } else {
                    out.writeUtf8(address(in, local));
                }
            }
            case DUMP -> dump(version, local, out);
            case GETTIME -> {
                if (version == PORTMAP_VERSION) {
                    return false;
                }
                out.writeInt((int) (System.currentTimeMillis() / MILLIS));
            }
            case GETVERSADDR -> {
                if (version != LAST_VERSION) {
                    return false;
                }
                out.writeUtf8(address(in, local));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Answers the one question that is answered over UDP, where senders may be forged: GETPORT of version 2. */
    public boolean answerDatagram(int version, int procedure, XdrReader in, XdrWriter out) throws XdrException {
        if (version != PORTMAP_VERSION || procedure != GETPORT) {
            return false;
        }
        out.writeInt(port(in.readInt(), in.readInt(), in.readInt()));
        return true;
    }

    private int port(int program, int version, int protocol) {
        return mappings.get().stream()
                .filter(at -> at.program() == program && at.version() == version && at.protocol() == protocol)
                .map(Mapping::port)
                .findFirst()
                .orElse(0);
    }

    /** Reads rpcb, of which address and owner mean nothing in a question. */
    private String address(XdrReader in, InetAddress local) throws XdrException {
        int program = in.readInt();
        int version = in.readInt();
        String netId = in.readUtf8(MAX_STRING_BYTES);
        in.skipOpaque(MAX_STRING_BYTES);
        in.skipOpaque(MAX_STRING_BYTES);
        Optional<Mapping> found = mappings.get().stream()
                .filter(at -> at.program() == program && at.version() == version && at.isOf(netId))
                .findFirst();
        return found.map(at -> UniversalAddress.of(local, at.port())).orElse("");
    }

    private void dump(int version, InetAddress local, XdrWriter out) throws XdrException {
        for (Mapping at : mappings.get()) {
            out.writeBoolean(true).writeInt(at.program()).writeInt(at.version());
            if (version == PORTMAP_VERSION) {
                out.writeInt(at.protocol()).writeInt(at.port());
            } else {
                out.writeUtf8(at.netId())
                        .writeUtf8(UniversalAddress.of(local, at.port()))
                        .writeUtf8("cairn");
            }
        }
        out.writeBoolean(false);
    }
}
